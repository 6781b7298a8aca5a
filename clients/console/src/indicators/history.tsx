// The versions of an indicator, by who says it, each with what changed.
import { useCallback, useState } from "react";
import { getJson, getTaxii, pathOf } from "../api/client";
import type { IndicatorHistory, IndicatorVersion } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { Answered, Empty } from "../ui/states";
import { Time } from "../ui/time";
import { differencesOf, momentOf, type Difference } from "./differences";
import { Who } from "./who";

type StixObject = Record<string, unknown>;

function what(version: IndicatorVersion): string {
  if (version.revoked) return "revoked";
  if (version.changed === undefined) return "first said";
  return version.changed.length === 0 ? "said again" : `changed: ${version.changed.join(", ")}`;
}

// All that a collection shows of it. Versions of several asserters may come: who made one is in it.
async function versionsIn(collection: string, id: string, signal: AbortSignal): Promise<StixObject[]> {
  const path = pathOf(["taxii2", "root", "collections", collection, "objects", id, ""], { "match[version]": "all" });
  return (await getTaxii<{ objects?: StixObject[] }>(path, signal)).objects ?? [];
}

function find(objects: StixObject[], modified: string, creator: string | undefined): StixObject | undefined {
  return objects.find(
    (one) => typeof one["modified"] === "string" && momentOf(one["modified"]) === momentOf(modified) && one["created_by_ref"] === creator,
  );
}

interface Step {
  id: string;
  creator: string | undefined;
  before: IndicatorVersion;
  after: IndicatorVersion;
}

function Differences({ of }: { of: Difference[] }) {
  return (
    <table className="differences">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{before === null ? <span className="nothing">not said</span> : <pre>{before}</pre>}</td>
            <td>{after === null ? <span className="nothing">not said</span> : <pre>{after}</pre>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Change({ step: { id, creator, before, after } }: { step: Step }) {
  const ask = useCallback(
    async (signal: AbortSignal) => {
      const collections = [...new Set([...after.collections, ...before.collections])];
      const objects = (await Promise.all(collections.map((one) => versionsIn(one, id, signal)))).flat();
      const was = find(objects, before.modified, creator), is = find(objects, after.modified, creator);
      return was && is ? differencesOf(was, is, after.changed ?? []) : null;
    },
    [id, creator, before, after],
  );
  return (
    <Answered answer={useAnswer(ask)}>
      {(found) => (found === null ? <Empty>One of the two versions is not shown to you any more.</Empty> : <Differences of={found} />)}
    </Answered>
  );
}

// Asked for when it is opened, and not before.
function Version({ version, step }: { version: IndicatorVersion; step: Step | null }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <Time at={version.modified} /> {what(version)}
      <span className="hint"> in {version.collections.join(", ")}</span>
      {step !== null && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>Before and after</summary>
          {open && <Change step={step} />}
        </details>
      )}
    </li>
  );
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
                  {one.versions.map((version, at) => {
                    const before = one.versions[at - 1];
                    const differs = before !== undefined && (version.changed?.length ?? 0) > 0;
                    return <Version key={version.modified} version={version} step={differs ? { id, creator: one.created_by_ref, before, after: version } : null} />;
                  })}
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
