// What is wrong with a peer, in words: what somebody should do something about, the worst first.
import type { PeerStatus } from "../api/types";

export function troubles(peer: PeerStatus): string[] {
  const out: string[] = [];
  if (peer.state === "quarantined")
    out.push("Its log contradicts itself. It is let in no more, and nothing of it is taken, until an administrator resumes or removes it.");
  out.push(...(peer.withheld === null ? [] : withheldInWords(peer.withheld)));
  if (peer.recall_alarm) out.push(`It recalled ${peer.recalled} objects within an hour, much of what it showed. Ask by telephone whether that is meant.`);
  if (peer.error !== null) out.push(peer.error);
  if (peer.unacknowledged !== null) out.push(`It did not take our receipt for its recalls: ${peer.unacknowledged}`);
  return out;
}

const MEANS: readonly (readonly [RegExp, string])[] = [
  [/gaps? in its numbers/, "It counts what it shows to readers like this instance, and some of the numbers never came: entries are kept back."],
  [/numbers? given twice/, "Two entries have the same number, so that one of them could stand for what is kept back."],
  [/heads? with another hash/, "What it said to have shown up to a number is not what came here."],
  [/heads? with another count/, "It said to have shown another number of entries than came here."],
  [/heads? that another peer was shown/, "Another peer was shown these and this instance was not: unshown. Ask that peer's operator what came after them."],
  [/without the head that is due/, "It should have summed up by now what it showed, and did not: until it does, a gap at the end would not be noticed."],
  [/^it shows .* saw /, "It stalls: it signed a longer log for somebody else, and answers this instance with the shorter one, or out of an old cache."],
];

// The server's sentence has one part for each thing that it noticed; each is said apart, with what it means.
export function withheldInWords(withheld: string): string[] {
  const parts = withheld.split(/, (?=\d|it shows )/);
  const said = parts.map((part) => {
    const means = MEANS.find(([pattern]) => pattern.test(part))?.[1] ?? "";
    return `It keeps something back: ${part}. ${means}`.trim();
  });
  return [...said, "Nobody is quarantined for keeping back, as no third party can check it. Call its operator, on the number that you had before."];
}

// What its state asks of somebody, where it is nothing wrong.
export function stateInWords(peer: PeerStatus): string {
  switch (peer.state) {
    case "following":
      return peer.stale ? "It is followed, and has not said for a minute that nothing is newer: it is silent, or slow to reach." : "It is followed.";
    case "waiting for its quota":
      return "It sent as much as its agreement lets in within an hour. The rest comes by itself.";
    case "backing off":
      return "The last attempt failed. It is tried again by itself, less often each time.";
    case "paused":
      return "Nothing is asked of it and it is let in no more, until an administrator resumes it.";
    case "not taken":
      return "No agreement in force takes anything from it.";
    default:
      return "";
  }
}
