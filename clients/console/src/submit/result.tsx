// What became, or would become, of what was pasted: numbers, who would see it and by which rule, and each row.
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Empty } from "../ui/states";
import { Tlp } from "../ui/tlp";
import type { SharedItem, SharedItems, WhoSees } from "./send";

function Reader({ reader }: { reader: WhoSees }) {
  const named = [
    ...(reader.audiences ?? []).map((name) => `audience ${name}`),
    ...(reader.organisations ?? []),
    ...(reader.releasable_to ?? []).map((code) => `releasable to ${code}`),
  ];
  return (
    <li>
      <Tlp level={reader.tlp} /> in {reader.collection}: {reader.because}
      {named.length > 0 && <span className="hint"> ({named.join(", ")})</span>}
    </li>
  );
}

export function Readers({ readers }: { readers: WhoSees[] }) {
  return (
    <section aria-labelledby="readers">
      <h2 id="readers">Who will see it, and why</h2>
      {readers.length === 0 ? <Empty>Nobody: nothing of it would be stored.</Empty> : (
        <ul className="readers">
          {readers.map((reader) => (
            <Reader key={JSON.stringify(reader)} reader={reader} />
          ))}
        </ul>
      )}
    </section>
  );
}

function placeOf(item: SharedItem): string {
  if (item.line !== undefined) return `line ${item.line}`;
  return item.pointer ? `item ${item.pointer.slice(1)}` : "";
}

function Row({ item }: { item: SharedItem }) {
  return (
    <tr className={item.outcome}>
      <td>{placeOf(item)}</td>
      <th scope="row">{item.outcome}</th>
      <td>{item.kind ?? ""}</td>
      <td>
        {(item.findings ?? []).map((finding) => (
          <p key={`${finding.code} ${finding.pointer ?? ""} ${finding.detail}`}>
            {finding.detail} {finding.remedy ?? ""} <span className="hint">({finding.code})</span>
          </p>
        ))}
        {(item.notes ?? []).map((note) => (
          <p key={note}>{note}</p>
        ))}
        {item.outcome !== "refused" && item.id?.startsWith("indicator--") && (
          <Link to={addressOf(["indicators", item.id])}>{item.id}</Link>
        )}
      </td>
    </tr>
  );
}

const SHOWN = 500;

// What needs somebody's eyes comes first.
export function ordered(items: SharedItem[]): SharedItem[] {
  const weight = (item: SharedItem) => (item.outcome === "refused" ? 0 : item.notes ? 1 : 2);
  return [...items].sort((a, b) => weight(a) - weight(b));
}

export function Rows({ result }: { result: SharedItems }) {
  const rows = ordered(result.items);
  const left = rows.length - SHOWN + (result.left_out ?? 0);
  return (
    <>
      <p className="count" role="status">
        {result.accepted} accepted, {result.unchanged} unchanged, {result.refused} refused
        {result.waiting ? `, ${result.waiting} waiting for an analyst of the instance` : ""}
      </p>
      {result.stopped && (
        <p className="failure" role="alert">
          Nothing was read from line {result.stopped.line} on: {result.stopped.detail} {result.stopped.remedy ?? ""}
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col">Outcome</th>
            <th scope="col">Kind</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((item, place) => (
            <Row key={place} item={item} />
          ))}
        </tbody>
      </table>
      {left > 0 && <p className="hint">And {left.toLocaleString("en")} more, which are counted above.</p>}
    </>
  );
}
