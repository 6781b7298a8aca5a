// Why a value is acted upon: every claim that covers it, what each rests on, since when, and how to dispute it. The value
// stands in the address, as the filters of a search do.
import { useCallback, useEffect, useState, type FormEvent } from "react";
import { getJson, pathOf } from "../api/client";
import type { Claim, Claims } from "../api/types";
import { sentenceOf, useAnswer } from "../api/use_answer";
import { Link } from "../ui/link";
import { addressOf, go, type Route } from "../ui/route";
import { Answered, Empty, Failure } from "../ui/states";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { Tlp } from "../ui/tlp";
import { corroborated } from "./corroborated";
import { valueOf } from "./export";
import { Who } from "./who";
import { countInWords, stateOf } from "./why_words";

const WHY = ["api", "v1", "why"];

function ValueForm({ covers, kind }: { covers: string; kind: string }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget))
      if (typeof value === "string" && value.trim() !== "") query.set(name, value.trim());
    go(addressOf(["indicators", "why"], query));
  };
  return (
    <form className="filters" onSubmit={submit} role="search" key={`${covers} ${kind}`}>
      <label>
        Value that was hit
        <input type="search" name="covers" defaultValue={covers} placeholder="an address, a network, a domain" autoComplete="off" spellCheck={false} required />
      </label>
      <label>
        Kind
        <input type="text" name="kind" defaultValue={kind} placeholder="of any, or such as ip-range" autoComplete="off" spellCheck={false} />
      </label>
      <div className="buttons">
        <button type="submit">Ask why</button>
      </div>
    </form>
  );
}

function State({ claim, now }: { claim: Claim; now: Date }) {
  return (
    <>
      {stateOf(claim, now)}
      {claim.muted && (
        <p className="hint">
          muted: {claim.muted.because}
          {claim.muted.until !== undefined && (
            <>
              , until <Time at={claim.muted.until} />
            </>
          )}
        </p>
      )}
      {claim.own && <p className="hint">your organisation says it</p>}
      {claim.own_range !== undefined && <p className="hint">about your own range {claim.own_range}</p>}
    </>
  );
}

function Row({ claim, now }: { claim: Claim; now: Date }) {
  return (
    <tr>
      <th scope="row">
        <div className="roomy">
          <Link to={addressOf(["indicators", claim.id])}>{valueOf(claim) || claim.id}</Link>
        </div>
        <span className="hint">{claim.kind}</span>
      </th>
      <td>
        <State claim={claim} now={now} />
      </td>
      <td>
        <Who organisation={claim.organisation} origin={claim.origin} /> <Tlp level={claim.tlp} />
        {claim.corroboration && <p className="hint">{corroborated(claim)}</p>}
      </td>
      <td>{claim.evidence_basis?.join(", ") ?? <span className="nothing">not said</span>}</td>
      <td>
        {claim.confidence === undefined ? <span className="nothing">not said</span> : `${claim.confidence} %, now ${claim.confidence_now ?? claim.confidence} %`}
      </td>
      <td>
        {claim.suggested_action ?? <span className="nothing">nothing</span>}
        {claim.collateral_level !== undefined && <p className="hint">innocent users: {claim.collateral_level}</p>}
      </td>
      <td>
        <div className="roomy">
          shown since <Time at={claim.since} />
        </div>
        <p className="hint">
          said <Time at={claim.modified} />
        </p>
        <p className="hint">
          holds <Time at={claim.valid_from} /> to {claim.valid_until ? <Time at={claim.valid_until} /> : "no end"}
        </p>
      </td>
      <td>{claim.dispute === undefined ? <span className="nothing">none: it is your own</span> : <code>{claim.dispute}</code>}</td>
    </tr>
  );
}

const HEAD = ["Claim", "State", "Who says so", "Rests on", "Confidence", "Suggested", "When", "Disputed by"];

function Found({ first }: { first: Claims }) {
  const [claims, setClaims] = useState(first.claims);
  const [next, setNext] = useState(first.next);
  const [sentence, setSentence] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setClaims(first.claims);
    setNext(first.next);
  }, [first]);
  if (claims.length === 0) return <Empty>No claim that you may see covers it: what hit it was something else, or is hidden from you.</Empty>;
  const more = async (from: string) => {
    setBusy(true);
    setSentence(null);
    try {
      const page = await getJson<Claims>(pathOf(WHY, { next: from }));
      setClaims((before) => [...before, ...page.claims]);
      setNext(page.next);
    } catch (error) {
      setSentence(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  const now = new Date();
  return (
    <>
      <p className="count" role="status">
        {countInWords(claims, next !== undefined, now)}
      </p>
      <Table label="Claims that cover it" head={HEAD}>
        {claims.map((claim) => (
          <Row key={`${claim.id} ${claim.created_by_ref ?? ""} ${claim.origin ?? ""} ${claim.modified}`} claim={claim} now={now} />
        ))}
      </Table>
      {sentence && <Failure sentence={sentence} />}
      {next !== undefined && (
        <div className="buttons">
          <button type="button" disabled={busy} onClick={() => void more(next)}>
            {busy ? "Asking the server…" : "Show more"}
          </button>
        </div>
      )}
    </>
  );
}

function Covering({ covers, kind }: { covers: string; kind: string }) {
  const ask = useCallback(
    (signal: AbortSignal) => getJson<Claims>(pathOf(WHY, { covers, ...(kind === "" ? {} : { kind }) }), signal),
    [covers, kind],
  );
  return <Answered answer={useAnswer(ask)}>{(page) => <Found first={page} />}</Answered>;
}

export function Why({ route }: { route: Route }) {
  const covers = route.query.get("covers")?.trim() ?? "";
  const kind = route.query.get("kind")?.trim() ?? "";
  return (
    <>
      <p>
        <Link to={addressOf(["indicators"])}>All indicators</Link>
      </p>
      <h1>Why was it hit?</h1>
      <ValueForm covers={covers} kind={kind} />
      {covers === "" ? <Empty>A value is asked for: an address, a network, a domain, or what else an indicator may have.</Empty> : <Covering covers={covers} kind={kind} />}
    </>
  );
}
