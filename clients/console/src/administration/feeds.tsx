// What each feed has for its reader, and what it leaves out, by reason. The lists themselves are for `tocsin feed pull`.
import { useCallback, useState } from "react";
import { getJson, pathOf } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { Answered, Empty } from "../ui/states";
import { Table } from "../ui/table";
import { Time } from "../ui/time";

const FEEDS = ["api", "v1", "feeds"];

interface Manifest {
  entries: number;
  indicators: number;
  as_of: string;
  expires: string;
  sha256: string;
  excluded: Record<string, number>;
}

const REASONS: Record<string, string> = {
  pattern: "wants anything beside the value",
  level: "is RED, unmarked, or marked in parts or above what was asked for",
  muted: "your organisation muted it",
  "own-range": "touches a range of your organisation",
  "too-wide": "is wider than this instance takes",
  action: "suggests less than this feed is for",
  age: "is older than was asked for",
  confidence: "states less confidence than was asked for, or none",
  corroboration: "fewer said the same than was asked for",
  "proxy-class": "is of another class than was asked for",
  collateral: "blocking it would hit others, as its producer says",
  "shared-egress": "innocent users leave through it, as somebody says",
  cgnat: "is of carrier-grade NAT",
  mobile: "is of a mobile network",
  residential: "is a residential network wider than one address",
};

// The most frequent reason first.
export function leftOut(excluded: Record<string, number>): { reason: string; says: string; count: number }[] {
  return Object.entries(excluded)
    .map(([reason, count]) => ({ reason, says: REASONS[reason] ?? "", count }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}

function Of({ name }: { name: string }) {
  const ask = useCallback((signal: AbortSignal) => getJson<Manifest>(pathOf([...FEEDS, name, "manifest"]), signal), [name]);
  return (
    <Answered answer={useAnswer(ask)}>
      {(manifest) => {
        const rows = leftOut(manifest.excluded);
        return (
          <>
            <p>
              {manifest.entries.toLocaleString("en")} values of {manifest.indicators.toLocaleString("en")} indicators, as of <Time at={manifest.as_of} />; ask again by{" "}
              <Time at={manifest.expires} />. <code>tocsin feed pull {name} --to FILE</code> writes it.
            </p>
            {rows.length === 0 ? (
              <Empty>Nothing that you see was left out.</Empty>
            ) : (
              <Table label={`Left out of ${name}`} head={["Left out", "Reason", "That it"]}>
                {rows.map(({ reason, says, count }) => (
                  <tr key={reason}>
                    <td>{count.toLocaleString("en")}</td>
                    <th scope="row">{reason}</th>
                    <td>{says}</td>
                  </tr>
                ))}
              </Table>
            )}
          </>
        );
      }}
    </Answered>
  );
}

function Chosen({ names }: { names: string[] }) {
  const [name, setName] = useState(names[0] ?? "");
  if (name === "") return <Empty>This instance has no feeds.</Empty>;
  return (
    <>
      <label>
        Feed
        <select value={name} onChange={(event) => setName(event.target.value)}>
          {names.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <Of name={name} />
    </>
  );
}

export function Feeds() {
  const ask = useCallback((signal: AbortSignal) => getJson<{ feeds: { name: string }[] }>(pathOf(FEEDS), signal), []);
  return (
    <section aria-labelledby="feeds">
      <h2 id="feeds">Feeds</h2>
      <p>What is counted is what you see. An indicator is counted by the first reason for which it is not in the list.</p>
      <Answered answer={useAnswer(ask)}>{({ feeds }) => <Chosen names={feeds.map((feed) => feed.name)} />}</Answered>
    </section>
  );
}
