// Signing in: a token that is pasted once, or the certificate that the browser shows.
import { useState, type FormEvent } from "react";
import { signIn } from "../api/client";
import type { ConsoleSession } from "../api/types";
import { sentenceOf } from "../api/use_answer";
import { Failure } from "../ui/states";

interface Props {
  ended: boolean; // somebody was signed in until a moment ago
  onSignedIn: (session: ConsoleSession) => void;
}

export function SignIn({ ended, onSignedIn }: Props) {
  const [token, setToken] = useState("");
  const [sentence, setSentence] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const enter = async (given: string | null) => {
    setBusy(true);
    setSentence(null);
    try {
      onSignedIn(await signIn(given));
    } catch (error) {
      setSentence(sentenceOf(error));
    } finally {
      setToken("");
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter(token.trim());
  };
  return (
    <main className="sign-in">
      <h1>Tocsin</h1>
      {ended && (
        <p role="status">
          You were signed out: nothing was asked for a quarter of an hour, eight hours have passed, or your credential
          was revoked.
        </p>
      )}
      <form onSubmit={submit}>
        <label htmlFor="token">API token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => setToken(event.target.value)}
          autoFocus
        />
        <p className="hint">It is exchanged for a session of this browser, and is not kept.</p>
        <button type="submit" disabled={busy || token.trim() === ""}>
          Sign in
        </button>
        <button type="button" className="plain" disabled={busy} onClick={() => void enter(null)}>
          Sign in with a client certificate
        </button>
      </form>
      {sentence && <Failure sentence={sentence} />}
    </main>
  );
}
