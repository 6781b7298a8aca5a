// Recalls, as schema/openapi.yaml has them, and in the words of docs/recall.md.

export type State = "acknowledged" | "outstanding" | "overdue";
export type Action = "suppress" | "withdraw" | "restore";

export interface Behind {
  log: string;
  state: State;
}

export interface RecallPeer {
  peer: string;
  state: State;
  acknowledged: string | null;
  dependents: { said: string; instances: Behind[] } | null;
}

export interface Recall {
  recall: number;
  id: string | null;
  organisation: string;
  action: Action;
  because: string;
  made: string;
  deadline: string;
  entries: number;
  outstanding: number;
  peers: RecallPeer[];
}

export const RECALLS = ["api", "v1", "recalls"];

export const ACTIONS: Record<Action, string> = {
  suppress: "Hidden, here and at every peer, until it is restored.",
  withdraw: "Ended for good, here and at every peer. Nothing brings it back.",
  restore: "What was hidden is shown again, here and at every peer.",
};

export const REASONS: Record<string, string> = {
  wrong: "it is wrong",
  overshared: "it was shown to more than it should have been",
  "personal-data": "it has personal data",
  ended: "what it told of is over",
  duplicate: "it is told elsewhere",
  other: "another reason",
};

const WEIGHT: Record<State, number> = { overdue: 0, outstanding: 1, acknowledged: 2 };

// Whoever is late comes first.
export function ordered(peers: RecallPeer[]): RecallPeer[] {
  return [...peers].sort((a, b) => WEIGHT[a.state] - WEIGHT[b.state] || a.peer.localeCompare(b.peer));
}

// "3 hours", "20 minutes": whole numbers, never more than there is.
export function span(from: number, to: number): string {
  const minutes = Math.floor(Math.abs(to - from) / 60_000);
  if (minutes === 0) return "less than a minute";
  const [count, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 48 * 60 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function many(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

// How far a recall has come, and until when there is time.
export function standing(recall: Recall, now: number): string {
  const deadline = Date.parse(recall.deadline);
  if (recall.outstanding === 0)
    return recall.peers.length === 0 ? "No peer has it from here. It is done." : "Everybody who has it from here has acknowledged. It is done.";
  const late = now > deadline;
  const when = late ? `the deadline passed ${span(now, deadline)} ago` : `there is time for ${span(now, deadline)}`;
  return `${many(recall.outstanding, "instance")} ${recall.outstanding === 1 ? "has" : "have"} not acknowledged; ${when}.`;
}

// What a peer's state means for who asks, and what to do.
export function inWords(peer: RecallPeer, made: string, now: number): string {
  if (peer.state === "acknowledged") return "It signed that it carried this out, and everything before it.";
  const waited = span(Date.parse(made), now);
  if (peer.state === "overdue") return `No receipt in ${waited}, and the deadline has passed. Call its operator.`;
  return `No receipt yet, for ${waited}.`;
}
