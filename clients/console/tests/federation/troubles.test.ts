import { describe, expect, it } from "vitest";
import type { PeerStatus } from "../../src/api/types";
import { stateInWords, troubles, withheldInWords } from "../../src/federation/troubles";

const well: PeerStatus = {
  name: "ibis", origin: "ibis.example/log", state: "following", verified: 9, applied: 9, lag: 0, control_verified: 1, control_applied: 1, refused: 0,
  recalled: 0, recall_alarm: false, witnessed: null, verified_at: null, fresh_at: null, stale: false, numberings: 1, withheld: null,
  unacknowledged: null, error: null, error_since: null,
};

describe("what is wrong with a peer", () => {
  it("is nothing when all is well", () => expect(troubles(well)).toEqual([]));

  it("is told the worst first", () => {
    const told = troubles({ ...well, state: "quarantined", withheld: "2 gaps in its numbers", recalled: 20, recall_alarm: true, error: "It does not answer.", unacknowledged: "Not now." });
    expect(told).toHaveLength(6);
    expect(told[0]).toContain("contradicts itself");
    expect(told[1]).toContain("2 gaps in its numbers");
    expect(told[5]).toContain("Not now.");
  });

  it("says each thing that is kept back apart, and what it means", () => {
    const told = withheldInWords("2 gaps in its numbers, 1 heads that another peer was shown, it shows 3 entries of its log, of which wren saw 9");
    expect(told).toHaveLength(4);
    expect(told[0]).toMatch(/: 2 gaps in its numbers\. .*kept back/);
    expect(told[1]).toContain("unshown");
    expect(told[2]).toMatch(/it shows 3 entries of its log, of which wren saw 9\. It stalls/);
    expect(told[3]).toContain("Nobody is quarantined");
  });

  it("is said as the server says it where the console has no words for it", () => {
    expect(withheldInWords("9 new things")[0]).toBe("It keeps something back: 9 new things.");
  });

  it("is told from being silent, which is no trouble", () => {
    expect(troubles({ ...well, stale: true })).toEqual([]);
    expect(stateInWords({ ...well, stale: true })).toContain("silent");
    expect(stateInWords(well)).toBe("It is followed.");
  });
});
