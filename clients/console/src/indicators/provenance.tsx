// Where an indicator stands in the instance's signed log, checked here in the browser. The key of the log is what the
// operator handed over by another way: a server that lies would name a key of its own.
import { useCallback, useEffect, useState, type FormEvent } from "react";
import { getText, pathOf, Refused } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { parseKey, SIGNS, type Key } from "../proof/note";
import { check, parseProof, summed, type Outcome, type Step } from "../proof/proof";
import { Answered, Empty } from "../ui/states";
import { download } from "./export";

const KEPT = "tocsin.log_key";

const VERDICTS: Record<Outcome, string> = {
  holds: "Proven: the log whose key you trust has this very object.",
  fails: "Not proven: at least one step fails. Do not rely on it, and tell your operator.",
  unknown: "The log has this very object, by its own word: nobody's key was held against it.",
};

function KeyForm({ onKey }: { onKey: (key: Key | null) => void }) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const key = await parseKey(text);
    const usable = key !== null && key.kind === SIGNS;
    setWrong(!usable);
    if (!usable) return;
    localStorage.setItem(KEPT, key.text);
    onKey(key);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="key-form">
      <label htmlFor="log-key">Key of the log, as the operator gave it to you</label>
      <input id="log-key" type="text" value={text} onChange={(event) => setText(event.target.value)} placeholder="hub.example/log+05286044+AY…" spellCheck={false} autoComplete="off" />
      <button type="submit">Trust this key</button>
      {wrong && (
        <p role="alert">That is no key of a log. `tocsind check` prints it behind `log-key data`: NAME+ID+KEY.</p>
      )}
    </form>
  );
}

function Steps({ steps }: { steps: Step[] }) {
  return (
    <ol className="steps">
      {steps.map((step) => (
        <li key={step.name} className={step.outcome}>
          <span className="outcome">{step.outcome}</span> <strong>{step.name}</strong> <code>{step.says}</code>
        </li>
      ))}
    </ol>
  );
}

function Checked({ text, id }: { text: string; id: string }) {
  const [key, setKey] = useState<Key | null>(null);
  const [steps, setSteps] = useState<Step[] | null>(null);
  const proof = parseProof(text);
  useEffect(() => {
    const kept = localStorage.getItem(KEPT);
    if (kept !== null) void parseKey(kept).then(setKey);
  }, []);
  useEffect(() => {
    let current = true;
    const parsed = parseProof(text);
    setSteps(null);
    if (typeof parsed !== "string") void check(parsed, id, key).then((made) => current && setSteps(made));
    return () => {
      current = false;
    };
  }, [text, id, key]);
  if (typeof proof === "string")
    return (
      <p className="verdict fails" role="alert">
        What the server sent proves nothing. {proof}
      </p>
    );
  if (steps === null) return <p role="status">Verifying…</p>;
  const verdict = summed(steps);
  return (
    <>
      <p className={`verdict ${verdict}`} role={verdict === "fails" ? "alert" : "status"}>
        {VERDICTS[verdict]}
      </p>
      <Steps steps={steps} />
      {key === null && <KeyForm onKey={setKey} />}
      <div className="buttons">
        <button type="button" className="plain" onClick={() => download(`${id}.proof.txt`, "text/plain", text)}>
          Save the proof for `tocsin verify`
        </button>
        {key !== null && (
          <button type="button" className="plain" onClick={() => (localStorage.removeItem(KEPT), setKey(null))}>
            Forget the key
          </button>
        )}
      </div>
    </>
  );
}

// null: no log of this instance has it.
async function proofOf(id: string, signal: AbortSignal): Promise<string | null> {
  try {
    return await getText(pathOf(["api", "v1", "indicators", id, "proof"]), signal);
  } catch (error) {
    if (error instanceof Refused && error.problem.code === "not-logged") return null;
    throw error;
  }
}

export function Provenance({ id }: { id: string }) {
  const ask = useCallback((signal: AbortSignal) => proofOf(id, signal), [id]);
  return (
    <section aria-labelledby="provenance">
      <h2 id="provenance">Provenance</h2>
      <Answered answer={useAnswer(ask)}>
        {(text) =>
          text === null ? (
            <Empty>It is in no log of this instance: what is TLP:RED never is, and what a peer shared is in the log of that one.</Empty>
          ) : (
            <Checked text={text} id={id} />
          )
        }
      </Answered>
    </section>
  );
}
