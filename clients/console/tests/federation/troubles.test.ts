import { describe, expect, it } from "vitest";
import type { PeerStatus } from "../../src/api/types";
import { troubles } from "../../src/federation/page";

const well: PeerStatus = {
  name: "ibis", origin: "ibis.example/log", state: "following", verified: 9, applied: 9, lag: 0, control_verified: 1, control_applied: 1, refused: 0,
  recalled: 0, recall_alarm: false, witnessed: null, verified_at: null, fresh_at: null, stale: false, numberings: 1, withheld: null,
  unacknowledged: null, error: null, error_since: null,
};

describe("what is wrong with a peer", () => {
  it("is nothing when all is well", () => expect(troubles(well)).toEqual([]));

  it("is told the worst first", () => {
    const told = troubles({ ...well, state: "quarantined", withheld: "2 gaps in its numbers", recalled: 20, recall_alarm: true, error: "It does not answer.", unacknowledged: "Not now." });
    expect(told).toHaveLength(5);
    expect(told[0]).toContain("contradicts itself");
    expect(told[1]).toContain("2 gaps in its numbers");
    expect(told[4]).toContain("Not now.");
  });
});
