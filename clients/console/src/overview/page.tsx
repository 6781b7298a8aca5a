// What happens now: arrivals as they come, campaigns, and whether the federation is well.
import { useCallback, useEffect, useState } from "react";
import { getJson } from "../api/client";
import type { CampaignPage, ConsoleSession, PeerStatus } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { CampaignTable } from "../campaigns/list";
import { troubles } from "../federation/troubles";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Answered, Empty, Failure } from "../ui/states";
import { Time } from "../ui/time";
import { listen, tally, withArrival, type Arrival } from "./arrivals";

const SHOWN = 20;

function Counts({ title, counts }: { title: string; counts: [string, number][] }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul className="counts">
        {counts.map(([name, count]) => (
          <li key={name}>
            <span>{name}</span> <strong>{count}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Arrivals() {
  const [arrivals, setArrivals] = useState<Arrival[]>([]);
  const [state, setState] = useState("Connecting…");
  useEffect(
    () =>
      listen((told) => {
        if ("arrival" in told) setArrivals((before) => withArrival(before, told.arrival));
        else if ("ended" in told) setState(told.ended);
        else setState("open" in told ? "Live." : "The connection broke; it is made again.");
      }),
    [],
  );
  return (
    <section aria-labelledby="arrivals">
      <h2 id="arrivals">Arriving</h2>
      <p className="hint" role="status">
        {state} What was published before this page was opened is in the search.
      </p>
      {arrivals.length === 0 ? (
        <Empty>Nothing came since.</Empty>
      ) : (
        <div className="columns">
          <ol className="arrivals">
            {arrivals.slice(0, SHOWN).map((one) => (
              <li key={one.place}>
                <Time at={one.at} /> <span className="badge">{one.type}</span>{" "}
                {one.type === "indicator" || one.type === "campaign" ? (
                  <Link to={addressOf([`${one.type}s`, one.id])}>{one.name}</Link>
                ) : (
                  one.name
                )}
              </li>
            ))}
          </ol>
          <Counts title="By kind" counts={tally(arrivals, (one) => one.type)} />
          <Counts title="From" counts={tally(arrivals, (one) => one.origin ?? "this instance")} />
        </div>
      )}
    </section>
  );
}

function Health() {
  const ask = useCallback((signal: AbortSignal) => getJson<{ peers: PeerStatus[] }>("/api/v1/peers", signal), []);
  return (
    <section aria-labelledby="health">
      <h2 id="health">Federation</h2>
      <Answered answer={useAnswer(ask)}>
        {({ peers }) => {
          const troubled = peers.filter((peer) => troubles(peer).length > 0);
          if (peers.length === 0) return <Empty>This instance follows no other.</Empty>;
          if (troubled.length > 0)
            return <Failure sentence={`${troubled.map((peer) => peer.name).join(", ")}: something is wrong. The page of the federation says what.`} />;
          return <p>{peers.length === 1 ? "The one peer is followed, and nothing shows that it keeps" : `All ${peers.length} peers are followed, and nothing shows that they keep`} something back.</p>;
        }}
      </Answered>
    </section>
  );
}

function ActiveCampaigns() {
  const ask = useCallback((signal: AbortSignal) => getJson<CampaignPage>("/api/v1/campaigns?limit=20", signal), []);
  return (
    <section aria-labelledby="campaigns">
      <h2 id="campaigns">Campaigns</h2>
      <Answered answer={useAnswer(ask)}>
        {({ campaigns }) => {
          const standing = campaigns.filter((one) => !one.revoked);
          return standing.length === 0 ? <Empty>Nobody told of one that you may see.</Empty> : <CampaignTable campaigns={standing} />;
        }}
      </Answered>
    </section>
  );
}

// Each part is for the roles that the server gives it to.
export function Overview({ session }: { session: ConsoleSession }) {
  const has = (...roles: string[]) => session.roles.some((role) => roles.includes(role));
  return (
    <>
      <h1>Overview</h1>
      {has("analyst", "feed") && <Arrivals />}
      {has("analyst", "submitter", "feed", "liaison") && <ActiveCampaigns />}
      {has("analyst", "auditor", "admin") && <Health />}
    </>
  );
}
