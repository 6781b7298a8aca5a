// What was kept against a peer. It stays when a quarantine is lifted, so it can be looked for at any time.
import { useCallback, useState } from "react";
import { getJson, pathOf } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { download } from "../indicators/export";
import { Answered, Empty } from "../ui/states";
import { Time } from "../ui/time";
import { inWords, type Evidence } from "./evidence_words";

function File({ peer, number, one }: { peer: string; number: number; one: Evidence }) {
  return (
    <li>
      <strong>{one.kind}</strong>: {one.log}, found <Time at={one.found} />
      {inWords(one).map((sentence) => (
        <p key={sentence} className="foreign">
          {sentence}
        </p>
      ))}
      <button type="button" className="plain" onClick={() => download(`evidence-${number}-${peer.replace(/[^a-z0-9.-]/g, "_")}.txt`, "text/plain", one.text)}>
        Save file {number} against {peer}
      </button>
    </li>
  );
}

function Kept({ peer }: { peer: string }) {
  const ask = useCallback((signal: AbortSignal) => getJson<{ evidence: Evidence[] }>(pathOf(["api", "v1", "admin", "peers", peer, "evidence"]), signal), [peer]);
  return (
    <Answered answer={useAnswer(ask)}>
      {({ evidence }) =>
        evidence.length === 0 ? (
          <Empty>Nothing is kept against it.</Empty>
        ) : (
          <>
            <ol className="evidence">
              {evidence.map((one, index) => (
                <File key={`${one.log} ${one.found} ${index}`} peer={peer} number={index + 1} one={one} />
              ))}
            </ol>
            <p>
              <code>tocsin verify FILE --vkey KEY</code> checks a file of two signed logs. Settled, and the log goes on from what was verified here:{" "}
              <code>tocsind peer resume {peer}</code>. It does not go on: <code>tocsind peer remove {peer}</code>, and the other side is invited anew.
            </p>
          </>
        )
      }
    </Answered>
  );
}

export function Evidences({ peer, quarantined, admin }: { peer: string; quarantined: boolean; admin: boolean }) {
  const [asked, setAsked] = useState(false);
  if (!admin) return quarantined ? <p>An administrator is shown the evidence here, and has it with `tocsind peer evidence {peer}`.</p> : null;
  return (
    <section aria-label={`Evidence against ${peer}`}>
      {quarantined || asked ? (
        <>
          <h3>Evidence</h3>
          <Kept peer={peer} />
        </>
      ) : (
        <button type="button" className="plain" onClick={() => setAsked(true)}>
          Look for evidence against {peer}
        </button>
      )}
    </section>
  );
}
