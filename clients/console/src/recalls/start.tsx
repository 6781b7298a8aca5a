// Starting a recall. What would happen is said before anything does: the server has no dry run of it, so what it shows of
// the object is asked for, and nothing is sent until that was read.
import { useState, type FormEvent } from "react";
import { getJson, pathOf, post, Refused } from "../api/client";
import type { ConsoleSession, Indicator } from "../api/types";
import { sentenceOf } from "../api/use_answer";
import { valueOf } from "../indicators/export";
import { Link } from "../ui/link";
import { addressOf, go } from "../ui/route";
import { Failure } from "../ui/states";
import { ACTIONS, REASONS, RECALLS, type Action, type Recall } from "./recall";

export interface Wanted {
  id: string;
  because: string;
  action: Action;
  deadline: string;
  organisation: string; // "": one's own
}

// What keeps it from being asked for, or null.
export function mistake({ id, deadline }: Wanted): string | null {
  if (!/^[a-z0-9-]+--[0-9a-f-]{36}$/.test(id)) return "The object is named by its id, as indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f.";
  const found = /^([1-9]\d{0,5})([mhd])$/.exec(deadline);
  const minutes = found ? Number(found[1]) * { m: 1, h: 60, d: 1440 }[found[2] as "m" | "h" | "d"] : 0;
  if (minutes < 1 || minutes > 30 * 1440) return "The deadline is minutes, hours or days, as 90m, 24h or 7d; 30 days at most.";
  return null;
}

async function shownOf(id: string, organisation: string): Promise<string> {
  if (!id.startsWith("indicator--")) return "The console does not show objects of this type. Look at its id once more.";
  try {
    const { said } = await getJson<Indicator>(pathOf(["api", "v1", "indicators", id]));
    const own = said.find((one) => one.organisation === organisation);
    if (!own) return `What you are shown of it is not said by ${organisation}. Only what an organisation said itself is recalled; the server refuses anything else.`;
    const others = said.length - 1;
    const also = others > 0 ? ` ${others} more say so, and what they say stays.` : "";
    return `${own.kind} ${valueOf(own)}, said by ${organisation}.${also}`;
  } catch (error) {
    if (error instanceof Refused && (error.problem.status === 404 || error.problem.status === 403))
      return "You are shown no indicator of this id now. It may be hidden already, or be nobody's: the server says which when you go on.";
    throw error;
  }
}

function Fields({ wanted, admin, onChange }: { wanted: Wanted; admin: boolean; onChange: (to: Wanted) => void }) {
  return (
    <>
      <label>
        Object
        <input name="id" spellCheck={false} autoComplete="off" value={wanted.id} onChange={(event) => onChange({ ...wanted, id: event.target.value.trim() })} placeholder="indicator--…" />
      </label>
      <label>
        Because
        <select value={wanted.because} onChange={(event) => onChange({ ...wanted, because: event.target.value })}>
          {Object.entries(REASONS).map(([code, words]) => (
            <option key={code} value={code}>{`${code}: ${words}`}</option>
          ))}
        </select>
      </label>
      <label>
        Action
        <select value={wanted.action} onChange={(event) => onChange({ ...wanted, action: event.target.value as Action })}>
          {Object.entries(ACTIONS).map(([code, words]) => (
            <option key={code} value={code}>{`${code}: ${words}`}</option>
          ))}
        </select>
      </label>
      <label>
        Time that peers have
        <input value={wanted.deadline} onChange={(event) => onChange({ ...wanted, deadline: event.target.value.trim() })} placeholder="24h" />
      </label>
      {admin && (
        <label>
          Whose object it is (an administrator's recall; empty: your own organisation's)
          <input autoComplete="off" value={wanted.organisation} onChange={(event) => onChange({ ...wanted, organisation: event.target.value })} />
        </label>
      )}
    </>
  );
}

function WhatWouldHappen({ wanted, shown }: { wanted: Wanted; shown: string }) {
  return (
    <section aria-labelledby="happens">
      <h2 id="happens">What would happen</h2>
      <p className="foreign">{shown}</p>
      <ul>
        <li>{ACTIONS[wanted.action]}</li>
        <li>It is done here at once, and asked of every peer; each has {wanted.deadline} to sign that it did.</li>
        <li>Peers are told why: {REASONS[wanted.because]}.</li>
        <li>Its state changes once an hour: what you do now is not changed again before.</li>
      </ul>
    </section>
  );
}

function useRecall(id: string, own: string) {
  const [wanted, setWanted] = useState<Wanted>({ id, because: "wrong", action: "suppress", deadline: "24h", organisation: "" });
  const [looked, setLooked] = useState<{ wanted: Wanted; shown: string } | null>(null);
  const [sentence, setSentence] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const during = async (what: () => Promise<void>) => {
    setBusy(true);
    setSentence(null);
    try {
      await what();
    } catch (error) {
      setSentence(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  const look = () => during(async () => setLooked({ wanted, shown: await shownOf(wanted.id, wanted.organisation || own) }));
  const make = () =>
    during(async () => {
      const { organisation, ...rest } = wanted;
      const made = await post<Recall>(RECALLS, {}, "application/json", JSON.stringify(organisation ? { ...rest, organisation } : rest));
      go(addressOf(["recalls", String(made.recall)]));
    });
  const isLooked = looked !== null && looked.wanted === wanted; // a change makes another one
  return { wanted, setWanted, shown: isLooked ? looked.shown : null, sentence, setSentence, busy, look, make };
}

export function StartRecall({ id, session }: { id: string; session: ConsoleSession }) {
  const { wanted, setWanted, shown, sentence, setSentence, busy, look, make } = useRecall(id, session.organisation);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = mistake(wanted);
    if (found === null) void look();
    else setSentence(found);
  };
  return (
    <>
      <p>
        <Link to={addressOf(["recalls"])}>All recalls</Link>
      </p>
      <h1>Start a recall</h1>
      <p>It takes an object of your organisation back wherever the log of this instance brought it. Nothing is recalled before you have read what would happen.</p>
      <form className="key-form" onSubmit={submit}>
        <Fields wanted={wanted} admin={session.roles.includes("admin")} onChange={setWanted} />
        <button type="submit" className={shown === null ? "" : "plain"} disabled={busy}>
          Look what would happen
        </button>
      </form>
      {sentence !== null && <Failure sentence={sentence} />}
      {shown !== null && <WhatWouldHappen wanted={wanted} shown={shown} />}
      <div className="buttons">
        <button type="button" disabled={shown === null || busy} onClick={() => void make()}>
          {wanted.action === "restore" ? "Restore it" : "Recall it"}
        </button>
      </div>
    </>
  );
}
