// The audit trail: the newest entries first, or those of an organisation or a time, and the state of its proof.
import { useCallback, useState, type FormEvent } from "react";
import { getJson, pathOf } from "../api/client";
import { sentenceOf, useAnswer } from "../api/use_answer";
import { Answered, Empty, Failure } from "../ui/states";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { AUDIT, AuditCheck, type Entries } from "./audit_check";
import type { AuditCheckpoint, AuditRow } from "./audit_proof";
import { wordsOf } from "./audit_words";

const PAGE = 200;

interface Filters {
  organisation: string;
  since: string; // a day, or ""
  until: string; // a day that is still in it, or ""
}

const NONE: Filters = { organisation: "", since: "", until: "" };

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString();
}

export function queryOf(filters: Filters): Record<string, string> {
  return {
    ...(filters.organisation.trim() && { organisation: filters.organisation.trim() }),
    ...(filters.since && { since: `${filters.since}T00:00:00Z` }),
    ...(filters.until && { until: dayAfter(filters.until) }),
  };
}

interface Found {
  rows: AuditRow[]; // as they are shown
  more: Record<string, string> | null; // what asks for those that follow; null: there are none
}

// Without filters the newest come first, and pages go back; with them the first that fits does, and pages go on.
async function page(query: Record<string, string>, filtered: boolean, signal?: AbortSignal): Promise<Found> {
  const { entries, next } = await getJson<Entries>(pathOf([...AUDIT, "entries"], query), signal);
  if (filtered) return { rows: entries, more: next === null ? null : { ...query, first: String(next) } };
  const first = Number(query["first"]);
  const before = Math.max(0, first - PAGE);
  return { rows: entries.reverse(), more: first === 0 ? null : { first: String(before), limit: String(first - before) } };
}

function Row({ row }: { row: AuditRow }) {
  const words = wordsOf(row.entry);
  return (
    <tr>
      <th scope="row">{row.position}</th>
      <td>
        <Time at={words.at} />
      </td>
      <td>{words.who}</td>
      <td>{words.action}</td>
      <td className="foreign">{words.rest.map(([name, value]) => `${name}: ${value}`).join("; ")}</td>
    </tr>
  );
}

function Rows({ found, filtered }: { found: Found; filtered: boolean }) {
  const [pages, setPages] = useState([found]);
  const [sentence, setSentence] = useState<string | null>(null);
  const more = pages.at(-1)!.more;
  const go = async () => {
    try {
      const next = await page(more!, filtered);
      setPages((before) => [...before, next]);
      setSentence(null);
    } catch (error) {
      setSentence(sentenceOf(error));
    }
  };
  const rows = pages.flatMap((one) => one.rows);
  return (
    <>
      {rows.length === 0 ? (
        <Empty>No entry is so. Choose a longer time, or every organisation.</Empty>
      ) : (
        <Table label="Entries" head={["Entry", "When", "Who", "What", "Of what"]}>
          {rows.map((row) => (
            <Row key={row.position} row={row} />
          ))}
        </Table>
      )}
      {sentence !== null && <Failure sentence={sentence} />}
      {more !== null && (
        <div className="buttons">
          <button type="button" onClick={() => void go()}>
            {filtered ? "Show more" : "Show earlier ones"}
          </button>
        </div>
      )}
    </>
  );
}

function FilterForm({ onFilter }: { onFilter: (to: Filters) => void }) {
  const [filters, setFilters] = useState(NONE);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFilter(filters);
  };
  return (
    <form onSubmit={submit}>
      <div className="filters">
        <label>
          Organisation: what it did, and what was done to it
          <input type="search" autoComplete="off" value={filters.organisation} onChange={(event) => setFilters({ ...filters, organisation: event.target.value })} />
        </label>
        <label>
          From (UTC)
          <input type="date" value={filters.since} onChange={(event) => setFilters({ ...filters, since: event.target.value })} />
        </label>
        <label>
          To, with that day
          <input type="date" value={filters.until} onChange={(event) => setFilters({ ...filters, until: event.target.value })} />
        </label>
      </div>
      <div className="buttons">
        <button type="submit">Show</button>
      </div>
    </form>
  );
}

export function Audit() {
  const [filters, setFilters] = useState(NONE);
  const ask = useCallback(
    async (signal: AbortSignal) => {
      const checkpoint = await getJson<AuditCheckpoint>(pathOf([...AUDIT, "checkpoint"]), signal);
      const query = queryOf(filters);
      const filtered = Object.keys(query).length > 0;
      const newest = { first: String(Math.max(0, checkpoint.size - PAGE)), limit: String(PAGE) };
      return { checkpoint, filtered, found: await page(filtered ? { ...query, limit: String(PAGE) } : newest, filtered, signal) };
    },
    [filters],
  );
  return (
    <section aria-labelledby="audit">
      <h2 id="audit">Audit</h2>
      <p>Who changed what, and who read what. It holds no objects, no values and no tokens.</p>
      <FilterForm onFilter={setFilters} />
      <Answered answer={useAnswer(ask)}>
        {({ checkpoint, filtered, found }) => (
          <>
            <Rows found={found} filtered={filtered} />
            <h3>Proof</h3>
            <AuditCheck checkpoint={checkpoint} />
          </>
        )}
      </Answered>
    </section>
  );
}
