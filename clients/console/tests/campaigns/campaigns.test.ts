import { describe, expect, it } from "vitest";
import { duration, inWords } from "../../src/campaigns/counts";
import { barsOf } from "../../src/campaigns/days";

describe("a count", () => {
  it("says what it rests on", () => {
    expect(inWords({ count: 13_000_000, basis: "lower-bound" })).toBe("at least 13,000,000");
    expect(inWords({ count: 7, basis: "something" })).toBe("something 7");
    expect(inWords(undefined)).toBe("not said");
  });

  it("of seconds is told in what people count in", () => {
    expect([60, 600, 86_400, 604_800].map(duration)).toEqual(["60 s", "10 min", "24 h", "7 days"]);
  });
});

describe("bars", () => {
  const day = (name: string, count: number) => ({ day: name, sightings: 1, count, organisations: 1 });

  it("leave the place of a day without any", () => {
    const bars = barsOf([day("2026-02-01", 10), day("2026-02-04", 5)]);
    expect(bars.map((bar) => [bar.x, bar.height])).toEqual([[0, 120], [540, 60]]);
  });

  it("of nothing, or of what is no day, are none", () => {
    expect(barsOf([])).toEqual([]);
    expect(barsOf([day("soon", 1)])).toEqual([]);
  });
});
