// One indicator: what it says, who says so, what others saw and think, its versions, and its place in the log.
import { useCallback } from "react";
import { getJson, pathOf } from "../api/client";
import type { ConsoleSession, Indicator, IndicatorStatement } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Answered, Empty } from "../ui/states";
import { Time } from "../ui/time";
import { Tlp } from "../ui/tlp";
import { valueOf } from "./export";
import { History } from "./history";
import { patternInWords } from "./pattern_words";
import { Provenance } from "./provenance";
import { Who } from "./who";

// What came from a peer is that peer's to recall, and what was taken back needs no recall to end.
function isOurs(one: IndicatorStatement, session: ConsoleSession): boolean {
  return one.organisation === session.organisation && one.origin === undefined && !one.revoked;
}

const MAY_RECALL = ["analyst", "admin"];

function Said({ one, session }: { one: IndicatorStatement; session: ConsoleSession }) {
  const pattern = typeof one.object["pattern"] === "string" ? one.object["pattern"] : null;
  const words = pattern === null ? null : patternInWords(pattern);
  const description = one.object["description"];
  return (
    <article className="said">
      <h3>
        <Who organisation={one.organisation} origin={one.origin} /> <Tlp level={one.tlp} />
        {one.revoked && <span className="badge">revoked</span>}
      </h3>
      {words !== null && <p>Hits where {words}.</p>}
      {pattern !== null && (
        <pre>
          <code>{pattern}</code>
        </pre>
      )}
      {typeof description === "string" && <p className="foreign">{description}</p>}
      <dl className="facts">
        <dt>Confidence</dt>
        <dd>{one.confidence === undefined ? "not said" : `${one.confidence} %, now ${one.confidence_now ?? one.confidence} %`}</dd>
        <dt>Holds</dt>
        <dd>
          <Time at={one.valid_from} /> to {one.valid_until ? <Time at={one.valid_until} /> : "no end"}
        </dd>
        <dt>Suggested</dt>
        <dd>{one.suggested_action ?? "nothing"}</dd>
        <dt>Innocent users</dt>
        <dd>{one.collateral_level ?? "not said"}</dd>
        {one.labels && (
          <>
            <dt>Labels</dt>
            <dd>{one.labels.join(", ")}</dd>
          </>
        )}
      </dl>
      {isOurs(one, session) && session.roles.some((role) => MAY_RECALL.includes(role)) && (
        <p>
          <Link to={addressOf(["recalls", "new"], new URLSearchParams({ id: one.id }))}>Take it back wherever it came to</Link>
        </p>
      )}
      <details>
        <summary>The object as it is stored</summary>
        <pre>
          <code>{JSON.stringify(one.object, null, 2)}</code>
        </pre>
      </details>
    </article>
  );
}

function Sightings({ of }: { of: Indicator["sightings"] }) {
  const rows = Object.entries(of.by_outcome);
  if (rows.length === 0) return <Empty>Nobody reported to have seen it.</Empty>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Outcome</th>
          <th scope="col">Times</th>
          <th scope="col">Organisations</th>
          <th scope="col">First</th>
          <th scope="col">Last</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([outcome, tally]) => (
          <tr key={outcome}>
            <th scope="row">{outcome}</th>
            <td>{tally.count.toLocaleString("en")}</td>
            <td>{tally.organisations}</td>
            <td>
              <Time at={tally.first_seen} />
            </td>
            <td>
              <Time at={tally.last_seen} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Opinions({ of }: { of: Indicator["opinions"] }) {
  const values = Object.entries(of.by_value);
  if (values.length === 0) return <Empty>Nobody gave an opinion.</Empty>;
  return (
    <>
      <p>{values.map(([value, count]) => `${count} × ${value}`).join(", ")}</p>
      <ul className="disputes">
        {(of.disputes ?? []).map((dispute) => (
          <li key={`${dispute.modified} ${dispute.explanation}`}>
            <span className="foreign">{dispute.explanation}</span>{" "}
            <span className="hint">
              <Who organisation={dispute.organisation} origin={dispute.origin} />, <Time at={dispute.modified} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function IndicatorPage({ id, session }: { id: string; session: ConsoleSession }) {
  const ask = useCallback(
    (signal: AbortSignal) => getJson<Indicator>(pathOf(["api", "v1", "indicators", id]), signal),
    [id],
  );
  return (
    <>
      <p>
        <Link to={addressOf(["indicators"])}>All indicators</Link>
      </p>
      <Answered answer={useAnswer(ask)}>
        {(indicator) => (
          <>
            <h1 className="value">{valueOf(indicator.said[0]!) || id}</h1>
            <p className="hint">{id}</p>
            {indicator.said[0]!.value !== undefined && (
              <p>
                <Link to={addressOf(["indicators", "why"], new URLSearchParams({ covers: indicator.said[0]!.value, kind: indicator.said[0]!.kind }))}>
                  Every claim that covers it
                </Link>
              </p>
            )}
            <section aria-labelledby="said">
              <h2 id="said">Who says so</h2>
              {indicator.said.map((one) => (
                <Said key={`${one.id} ${one.created_by_ref ?? ""} ${one.origin ?? ""} ${one.modified}`} one={one} session={session} />
              ))}
            </section>
            <section aria-labelledby="sightings">
              <h2 id="sightings">Seen</h2>
              <Sightings of={indicator.sightings} />
            </section>
            <section aria-labelledby="opinions">
              <h2 id="opinions">Opinions</h2>
              <Opinions of={indicator.opinions} />
            </section>
            <History id={id} />
            <Provenance id={id} />
          </>
        )}
      </Answered>
    </>
  );
}
