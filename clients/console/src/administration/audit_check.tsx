// The state of the audit trail's proof: its checkpoint, and the whole trail re-derived here when somebody asks for it.
import { useState } from "react";
import { getJson, pathOf } from "../api/client";
import { Failure } from "../ui/states";
import { Time } from "../ui/time";
import { check, type AuditCheckpoint, type AuditRow } from "./audit_proof";
import type { Step } from "../proof/proof";
import { useSending } from "./sending";

export const AUDIT = ["api", "v1", "audit"];
export const MOST = 20_000; // entries that the browser re-derives; `tocsind audit verify` does any number

export interface Entries {
  entries: AuditRow[];
  next: number | null;
  size: number;
}

// All that the checkpoint has. What came since is not in it, and left out.
async function whole(checkpoint: AuditCheckpoint): Promise<AuditRow[]> {
  const out: AuditRow[] = [];
  let first: number | null = 0;
  while (first !== null && out.length < checkpoint.size) {
    const page: Entries = await getJson<Entries>(pathOf([...AUDIT, "entries"], { first: String(first), limit: "5000" }));
    out.push(...page.entries.filter((row) => row.position < checkpoint.size));
    first = page.next;
  }
  return out;
}

const VERDICTS = {
  holds: "The whole trail is what its checkpoint says, signed by the key that you trust.",
  fails: "The trail is not what its checkpoint says. Keep a copy of the checkpoints, and call whoever operates the instance.",
  unknown: "The trail is what its checkpoint says, by the server's own word: nobody's key was held against it.",
};

export function AuditCheck({ checkpoint }: { checkpoint: AuditCheckpoint }) {
  const [key, setKey] = useState("");
  const [done, setDone] = useState<{ steps: Step[]; at: string } | null>(null);
  const { busy, sentence, send } = useSending();
  const run = () =>
    send(async () => {
      setDone(null);
      const newest = await getJson<AuditCheckpoint>(pathOf([...AUDIT, "checkpoint"]));
      setDone({ steps: await check(await whole(newest), newest, key.trim() || null), at: new Date().toISOString() });
    });
  const worst = done && (["fails", "unknown"] as const).find((outcome) => done.steps.some((step) => step.outcome === outcome));
  return (
    <>
      <p>
        {checkpoint.size.toLocaleString("en")} entries, root <code>{checkpoint.root}</code>. Whoever controls the machine could rewrite the trail with its checkpoints: only
        a copy of them that somebody else keeps shows that (<code>tocsind audit verify --checkpoints COPY</code>).
      </p>
      {checkpoint.size > MOST ? (
        <p>They are too many for a browser: `tocsind audit verify` re-derives them.</p>
      ) : (
        <div className="key-form">
          <label>
            Key of the trail, as the operator gave it to you (keys/audit.pub)
            <input autoComplete="off" spellCheck={false} value={key} onChange={(event) => setKey(event.target.value)} placeholder="hub.example/log/audit+05286044+AY…" />
          </label>
          <button type="button" disabled={busy} onClick={() => void run()}>
            Re-derive the whole trail
          </button>
        </div>
      )}
      {sentence !== null && <Failure sentence={sentence} />}
      {done && (
        <div className={`verdict ${worst ?? "holds"}`} role="status">
          <p>
            {VERDICTS[worst ?? "holds"]} <Time at={done.at} />
          </p>
          <ol className="steps">
            {done.steps.map((step) => (
              <li key={step.name} className={step.outcome}>
                <span className="outcome">{step.outcome}</span> <strong>{step.name}</strong> <code>{step.says}</code>
              </li>
            ))}
          </ol>
        </div>
      )}
    </>
  );
}
