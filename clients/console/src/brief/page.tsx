// A brief of campaigns: what is asked for stands in the address, and what is shown is what is printed.
import { useCallback, useMemo, type FormEvent } from "react";
import { getJson, pathOf } from "../api/client";
import type { Campaign, CampaignPage, CampaignStatement, ConsoleSession } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { Link } from "../ui/link";
import { addressOf, go, type Route } from "../ui/route";
import { Answered, Empty } from "../ui/states";
import { briefOf, isAskedFor, type Asked } from "./claims";
import { Paper } from "./paper";

const MOST = 50; // campaigns of one brief

export function askedOf(query: URLSearchParams): Asked {
  return { from: query.get("from") ?? "", until: query.get("until") ?? "", campaigns: query.getAll("campaign"), capability: query.get("capability") ?? "" };
}

function queryOf(form: FormData): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of form) if (typeof value === "string" && value !== "") query.append(name, value);
  return query;
}

// All that the reader sees, of as many pages as there are.
async function everyCampaign(signal: AbortSignal): Promise<CampaignStatement[]> {
  const found: CampaignStatement[] = [];
  for (let after = ""; ; ) {
    const page = await getJson<CampaignPage>(pathOf(["api", "v1", "campaigns"], after === "" ? {} : { after }), signal);
    found.push(...page.campaigns);
    if (page.complete || page.campaigns.length === 0) return found;
    after = page.after;
  }
}

const unique = (texts: string[]) => [...new Set(texts)].sort();

function Choice({ all, asked }: { all: CampaignStatement[]; asked: Asked }) {
  const names = new Map(all.map((one) => [one.id, one.name]));
  const capabilities = unique(all.flatMap((one) => one.targeted_capabilities ?? []));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    go(addressOf(["campaigns", "brief"], queryOf(new FormData(event.currentTarget))));
  };
  return (
    <form className="key-form no-print" onSubmit={submit}>
      <label>
        Seen from
        <input type="date" name="from" defaultValue={asked.from} />
      </label>
      <label>
        Seen until
        <input type="date" name="until" defaultValue={asked.until} />
      </label>
      <label>
        Capability
        <select name="capability" defaultValue={asked.capability}>
          <option value="">any</option>
          {capabilities.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>Campaigns (none chosen: all)</legend>
        {[...names].map(([id, name]) => (
          <label key={id} className="choice">
            <input type="checkbox" name="campaign" value={id} defaultChecked={asked.campaigns.includes(id)} />
            {name}
          </label>
        ))}
      </fieldset>
      <button type="submit">Make the brief</button>
    </form>
  );
}

function Made({ all, asked, session }: { all: CampaignStatement[]; asked: Asked; session: ConsoleSession }) {
  const ids = useMemo(() => unique(all.filter((one) => isAskedFor(one, asked)).map((one) => one.id)), [all, asked]);
  const some = useMemo(() => ids.slice(0, MOST), [ids]);
  const ask = useCallback(
    (signal: AbortSignal) => Promise.all(some.map((id) => getJson<Campaign>(pathOf(["api", "v1", "campaigns", id]), signal))),
    [some],
  );
  const answer = useAnswer(ask);
  if (some.length === 0) return <Empty>No campaign that you may see is so. Choose a longer period, or fewer conditions.</Empty>;
  return (
    <Answered answer={answer}>
      {(campaigns) => (
        <>
          <div className="buttons no-print">
            <button type="button" onClick={() => window.print()}>
              Print it
            </button>
          </div>
          {ids.length > MOST && <p className="hint">There are {ids.length} campaigns; a brief has the first {MOST}. Choose among them.</p>}
          <Paper brief={briefOf(campaigns, asked)} asked={asked} reader={session.organisation} />
        </>
      )}
    </Answered>
  );
}

export function BriefPage({ route, session }: { route: Route; session: ConsoleSession }) {
  const text = route.query.toString();
  const asked = useMemo(() => askedOf(new URLSearchParams(text)), [text]);
  return (
    <>
      <p className="no-print">
        <Link to={addressOf(["campaigns"])}>All campaigns</Link>
      </p>
      <h1 className="no-print">A brief of campaigns</h1>
      <Answered answer={useAnswer(everyCampaign)}>
        {(all) => (
          <>
            <Choice key={text} all={all} asked={asked} />
            <Made all={all} asked={asked} session={session} />
          </>
        )}
      </Answered>
    </>
  );
}
