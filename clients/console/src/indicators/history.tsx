// The versions of an indicator, by who says it, each with what changed.
import { useCallback } from "react";
import { getJson, pathOf } from "../api/client";
import type { IndicatorHistory, IndicatorVersion } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { Answered } from "../ui/states";
import { Time } from "../ui/time";
import { Who } from "./who";

function what(version: IndicatorVersion): string {
  if (version.revoked) return "revoked";
  if (version.changed === undefined) return "first said";
  return version.changed.length === 0 ? "said again" : `changed: ${version.changed.join(", ")}`;
}

export function History({ id }: { id: string }) {
  const ask = useCallback(
    (signal: AbortSignal) => getJson<IndicatorHistory>(pathOf(["api", "v1", "indicators", id, "history"]), signal),
    [id],
  );
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <Answered answer={useAnswer(ask)}>
        {(history) => (
          <>
            {history.histories.map((one, place) => (
              <div key={place}>
                <h3>
                  <Who organisation={one.organisation} origin={one.origin} />
                </h3>
                <ol className="versions">
                  {one.versions.map((version) => (
                    <li key={version.modified}>
                      <Time at={version.modified} /> {what(version)}
                      <span className="hint"> in {version.collections.join(", ")}</span>
                    </li>
                  ))}
                </ol>
              </div>
            ))}
            {!history.complete && <p className="hint">There are more versions than one answer has.</p>}
          </>
        )}
      </Answered>
    </section>
  );
}
