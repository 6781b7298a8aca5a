// One campaign, by everybody who tells of it, each apart.
import { useCallback } from "react";
import { getJson, pathOf } from "../api/client";
import type { Campaign, CampaignStatement } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { Who } from "../indicators/who";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Answered, Empty } from "../ui/states";
import { Time } from "../ui/time";
import { Tlp } from "../ui/tlp";
import { duration, inWords } from "./counts";
import { Days } from "./days";

const LISTS = [
  ["targeted_capabilities", "Targeted capabilities"],
  ["target_models", "Models"],
  ["restrictions_evaded", "Restrictions evaded"],
] as const;

function Said({ one }: { one: CampaignStatement }) {
  return (
    <article className="said">
      <h3>
        <Who organisation={one.organisation} origin={one.origin} /> <Tlp level={one.tlp} />
        {one.revoked && <span className="badge">revoked</span>}
      </h3>
      {one.description !== undefined && <p className="foreign">{one.description}</p>}
      <dl className="facts">
        <dt>Exchanges</dt>
        <dd>{inWords(one.exchanges)}</dd>
        <dt>Accounts</dt>
        <dd>{inWords(one.accounts)}</dd>
        <dt>Tokens</dt>
        <dd>{inWords(one.tokens)}</dd>
        <dt>Seen</dt>
        <dd>
          <Time at={one.first_seen} /> to <Time at={one.last_seen} />
        </dd>
        {LISTS.map(([name, title]) =>
          one[name] === undefined ? null : (
            <div key={name} className="fact">
              <dt>{title}</dt>
              <dd>{one[name].join(", ")}</dd>
            </div>
          ),
        )}
      </dl>
      {(one.release_pivots ?? []).map((pivot) => (
        <p key={`${pivot.model} ${pivot.time}`}>
          After the release of {pivot.model} on <Time at={pivot.time} />
          {pivot.share === undefined ? " it moved there" : ` ${Math.round(pivot.share * 100)} % of it moved there`}
          {pivot.seconds === undefined ? "." : ` within ${duration(pivot.seconds)}.`}
        </p>
      ))}
    </article>
  );
}

function AtLeast({ campaign }: { campaign: Campaign }) {
  const rows = Object.entries(campaign.at_least);
  if (rows.length === 0) return null;
  return (
    <p>
      Vouched for: {rows.map(([what, count]) => `at least ${count.toLocaleString("en")} ${what}`).join(", ")}.{" "}
      <span className="hint">The greatest that one member vouches for; members are not added up.</span>
    </p>
  );
}

export function CampaignPage({ id }: { id: string }) {
  const ask = useCallback((signal: AbortSignal) => getJson<Campaign>(pathOf(["api", "v1", "campaigns", id]), signal), [id]);
  return (
    <>
      <p>
        <Link to={addressOf(["campaigns"])}>All campaigns</Link>
      </p>
      <Answered answer={useAnswer(ask)}>
        {(campaign) => (
          <>
            <h1>{campaign.said[0]!.name}</h1>
            <p className="hint">{id}</p>
            <AtLeast campaign={campaign} />
            {campaign.said.map((one) => (
              <Said key={`${one.organisation ?? ""} ${one.origin ?? ""} ${one.modified}`} one={one} />
            ))}
            <h2>Indicators</h2>
            {campaign.indicators.count === 0 ? (
              <Empty>None that you may see indicates it.</Empty>
            ) : (
              <p>
                {campaign.indicators.complete ? "" : "At least "}
                {Object.entries(campaign.indicators.by_kind)
                  .map(([kind, count]) => `${count.toLocaleString("en")} ${kind}`)
                  .join(", ")}
                . <Link to={addressOf(["indicators"], new URLSearchParams({ campaign: id }))}>Show them</Link>
              </p>
            )}
            <h2>Sightings by day</h2>
            <Days days={campaign.sightings.by_day} />
          </>
        )}
      </Answered>
    </>
  );
}
