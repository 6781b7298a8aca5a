import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/api/types";
import { countInWords, stateOf } from "../../src/indicators/why_words";

const NOW = new Date("2026-02-10T00:00:00Z");
const claim = (more: Partial<Claim> = {}): Claim => ({
  id: "indicator--1", kind: "ip-range", modified: "2026-02-03T10:20:30.123Z", revoked: false, since: "2026-02-03T10:20:31.456789Z", own: false, ...more,
});

describe("what a claim comes to", () => {
  it.each([
    ["in force", {}],
    ["in force", { valid_from: "2026-02-10T00:00:00Z", valid_until: "2026-02-10T00:00:00.001Z" }],
    ["over", { valid_until: "2026-02-10T00:00:00Z" }],
    ["not yet", { valid_from: "2026-02-10T00:00:00.001Z" }],
    ["muted here", { muted: { because: "our gateway" } }],
    ["revoked", { revoked: true, valid_until: "2026-02-09T00:00:00Z", muted: { because: "our gateway" } }],
    ["over", { valid_until: "2026-02-09T00:00:00Z", muted: { because: "our gateway" } }],
  ])("is %s for %j", (state, more) => {
    expect(stateOf(claim(more), NOW)).toBe(state);
  });

  it("is counted with how many are in force, and says when there are more", () => {
    expect(countInWords([claim()], false, NOW)).toBe("1 claim covers it; 1 in force.");
    expect(countInWords([claim(), claim({ revoked: true })], true, NOW)).toBe("2 claims cover it, and more that were not asked for yet; 1 in force.");
  });
});
