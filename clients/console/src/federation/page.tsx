// How it stands with each peer: how far its log was followed, what it keeps back, and what it was not told.
import { useCallback } from "react";
import { getJson } from "../api/client";
import type { ConsoleSession, PeerStatus } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { useAskedAgain } from "../ui/every";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Answered, Empty } from "../ui/states";
import { Time } from "../ui/time";
import { Evidences } from "./evidence";
import { stateInWords, troubles } from "./troubles";

function Peer({ peer, admin }: { peer: PeerStatus; admin: boolean }) {
  const wrong = troubles(peer);
  return (
    <article className={wrong.length > 0 ? "peer troubled" : "peer"}>
      <h2>
        {peer.name} <span className="badge">{peer.state}</span> <span className="badge">{peer.stale ? "stale" : "fresh"}</span>
      </h2>
      <p className="hint">{peer.origin}</p>
      {wrong.length > 0 && (
        <div role="alert">
          <ul>
            {wrong.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <p>{stateInWords(peer)}</p>
      <dl className="facts">
        <dt>Verified</dt>
        <dd>{peer.verified.toLocaleString("en")} entries</dd>
        <dt>Applied</dt>
        <dd>
          {peer.applied.toLocaleString("en")}
          {peer.lag > 0 ? `, ${peer.lag.toLocaleString("en")} behind` : ""}
        </dd>
        <dt>Recalls applied</dt>
        <dd>
          {peer.control_applied} of {peer.control_verified}
        </dd>
        <dt>Refused here</dt>
        <dd>{peer.refused}</dd>
        <dt>Witnessed up to</dt>
        <dd>{peer.witnessed === null ? "no witnesses agreed" : peer.witnessed.toLocaleString("en")}</dd>
        <dt>Verified at</dt>
        <dd>
          <Time at={peer.verified_at} />
        </dd>
        <dt>Said nothing is newer</dt>
        <dd>
          <Time at={peer.fresh_at} />
        </dd>
      </dl>
      <Evidences peer={peer.name} quarantined={peer.state === "quarantined"} admin={admin} />
    </article>
  );
}

export function Federation({ session }: { session: ConsoleSession }) {
  const ask = useCallback((signal: AbortSignal) => getJson<{ peers: PeerStatus[] }>("/api/v1/peers", signal), []);
  const answer = useAnswer(ask);
  useAskedAgain(answer);
  return (
    <>
      <h1>Federation</h1>
      <p>
        <Link to={addressOf(["recalls"])}>Recalls, and who has acknowledged them</Link>
      </p>
      <Answered answer={answer}>
        {({ peers }) =>
          peers.length === 0 ? (
            <Empty>This instance follows no other. `tocsind peer invite` makes the first step.</Empty>
          ) : (
            peers.map((peer) => <Peer key={peer.name} peer={peer} admin={session.roles.includes("admin")} />)
          )
        }
      </Answered>
    </>
  );
}
