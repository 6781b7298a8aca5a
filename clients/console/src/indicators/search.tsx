// Finding indicators: every filter in the address, page after page below one another.
import { useCallback, useEffect, useState, type FormEvent } from "react";
import { getJson, pathOf } from "../api/client";
import type { IndicatorItem, IndicatorPage } from "../api/types";
import { sentenceOf, useAnswer } from "../api/use_answer";
import { Link } from "../ui/link";
import { addressOf, go, type Route } from "../ui/route";
import { Answered, Empty, Failure } from "../ui/states";
import { csvOf, download } from "./export";
import { FILTERS, filtersOf, queryOf, questionOf, type Filters } from "./filters";
import { IndicatorTable } from "./table";

const SEARCH = ["api", "v1", "indicators"];

function FilterForm({ filters }: { filters: Filters }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) if (typeof value === "string") query.set(name, value);
    go(addressOf(["indicators"], queryOf(filtersOf(query))));
  };
  return (
    <form className="filters" onSubmit={submit} role="search" key={queryOf(filters).toString()}>
      {FILTERS.map(({ name, label, hint }) => (
        <label key={name}>
          {label}
          <input type={name === "q" ? "search" : "text"} name={name} defaultValue={filters[name] ?? ""} placeholder={hint} autoComplete="off" spellCheck={false} />
        </label>
      ))}
      <div className="buttons">
        <button type="submit">Search</button>
        <button type="button" className="plain" onClick={() => go(addressOf(["indicators"]))}>
          Clear
        </button>
      </div>
    </form>
  );
}

function Found({ first }: { first: IndicatorPage }) {
  const [items, setItems] = useState<IndicatorItem[]>(first.indicators);
  const [next, setNext] = useState(first.next);
  const [sentence, setSentence] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setItems(first.indicators);
    setNext(first.next);
  }, [first]);
  if (items.length === 0)
    return <Empty>Nothing that you may see is so. Leave a filter out, or ask for less at once.</Empty>;
  const more = async () => {
    setBusy(true);
    setSentence(null);
    try {
      const page = await getJson<IndicatorPage>(pathOf(SEARCH, questionOf({}, next)));
      setItems((before) => [...before, ...page.indicators]);
      setNext(page.next);
    } catch (error) {
      setSentence(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p className="count" role="status">
        {items.length.toLocaleString("en")} indicators{next === undefined ? "" : ", and more"}
      </p>
      <IndicatorTable items={items} />
      {sentence && <Failure sentence={sentence} />}
      <div className="buttons">
        {next !== undefined && (
          <button type="button" onClick={() => void more()} disabled={busy}>
            {busy ? "Asking the server…" : "Show more"}
          </button>
        )}
        <button type="button" className="plain" onClick={() => download("indicators.csv", "text/csv", csvOf(items))}>
          Save these as CSV
        </button>
      </div>
    </>
  );
}

export function Search({ route }: { route: Route }) {
  const query = route.query.toString();
  const filters = filtersOf(new URLSearchParams(query));
  const ask = useCallback(
    (signal: AbortSignal) =>
      getJson<IndicatorPage>(pathOf(SEARCH, questionOf(filtersOf(new URLSearchParams(query)))), signal),
    [query],
  );
  const answer = useAnswer(ask);
  return (
    <>
      <h1>Indicators</h1>
      <p>
        <Link to={addressOf(["indicators", "why"])}>Why was a value hit?</Link>
      </p>
      <FilterForm filters={filters} />
      <Answered answer={answer}>{(page) => <Found first={page} />}</Answered>
    </>
  );
}
