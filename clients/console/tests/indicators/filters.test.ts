import { describe, expect, it } from "vitest";
import { filtersOf, PAGE, queryOf, questionOf } from "../../src/indicators/filters";

describe("filters", () => {
  it("go into the address and come back, without what is empty or unknown", () => {
    const filters = filtersOf(new URLSearchParams("kind=ip-range&q=%22a+b%22&value=&evil=1&within=198.51.100.0/24"));
    expect(filters).toEqual({ kind: "ip-range", q: '"a b"', within: "198.51.100.0/24" });
    expect(filtersOf(queryOf(filters))).toEqual(filters);
  });

  it("of equal searches have equal addresses", () => {
    const one = filtersOf(new URLSearchParams("kind=a&q=b"));
    expect(queryOf(one).toString()).toBe(queryOf(filtersOf(new URLSearchParams("q=b&kind=a"))).toString());
  });

  it("are in the place to go on from, which is sent alone", () => {
    expect(questionOf({ kind: "ip-range" })).toEqual({ kind: "ip-range", limit: String(PAGE) });
    expect(questionOf({ kind: "ip-range" }, "kX3v")).toEqual({ next: "kX3v", limit: String(PAGE) });
  });
});
