// How it stands with each peer: how far its log was followed, what it keeps back, and what it was not told.
import { useCallback, useEffect } from "react";
import { getJson } from "../api/client";
import type { PeerStatus } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { Answered, Empty } from "../ui/states";
import { Time } from "../ui/time";

const EVERY = 10_000; // milliseconds

// What somebody should do something about, the worst first.
export function troubles(peer: PeerStatus): string[] {
  const out: string[] = [];
  if (peer.state === "quarantined") out.push("Its log contradicts itself. Nothing of it is taken; the evidence is with `tocsind peer evidence`.");
  if (peer.withheld !== null) out.push(`It keeps something back: ${peer.withheld}.`);
  if (peer.recall_alarm) out.push(`It recalled ${peer.recalled} objects within an hour, much of what it showed. Ask by telephone whether that is meant.`);
  if (peer.error !== null) out.push(peer.error);
  if (peer.unacknowledged !== null) out.push(`It did not take our receipt for its recalls: ${peer.unacknowledged}`);
  return out;
}

function Peer({ peer }: { peer: PeerStatus }) {
  const wrong = troubles(peer);
  return (
    <article className={wrong.length > 0 ? "peer troubled" : "peer"}>
      <h2>
        {peer.name} <span className="badge">{peer.state}</span> <span className="badge">{peer.stale ? "stale" : "fresh"}</span>
      </h2>
      <p className="hint">{peer.origin}</p>
      {wrong.length > 0 && (
        <ul role="alert">
          {wrong.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
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
    </article>
  );
}

export function Federation() {
  const ask = useCallback((signal: AbortSignal) => getJson<{ peers: PeerStatus[] }>("/api/v1/peers", signal), []);
  const answer = useAnswer(ask);
  const again = answer.state === "loading" ? undefined : answer.again;
  useEffect(() => {
    if (!again) return;
    const timer = setTimeout(() => document.visibilityState === "visible" && again(), EVERY);
    return () => clearTimeout(timer);
  }, [again, answer]);
  return (
    <>
      <h1>Federation</h1>
      <Answered answer={answer}>
        {({ peers }) =>
          peers.length === 0 ? (
            <Empty>This instance follows no other. `tocsind peer invite` makes the first step.</Empty>
          ) : (
            peers.map((peer) => <Peer key={peer.name} peer={peer} />)
          )
        }
      </Answered>
    </>
  );
}
