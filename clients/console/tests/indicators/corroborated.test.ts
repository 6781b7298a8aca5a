import { describe, expect, it } from "vitest";
import type { Corroboration } from "../../src/api/types";
import { corroborated } from "../../src/indicators/corroborated";

const of = (corroboration?: Corroboration) => corroborated({ id: "indicator--1", kind: "ip-range", modified: "", revoked: false, ...(corroboration ? { corroboration } : {}) });

describe("corroboration", () => {
  it("names independent and repeating members apart, and never more than the server knows", () => {
    expect(of()).toBe("");
    expect(of({ organisations: 7, independent: 2, repeated: 5, complete: true })).toBe("2 independent, 5 repeated");
    expect(of({ organisations: 2, independent: 2, repeated: 0, complete: true })).toBe("2 independent");
    expect(of({ organisations: 3, complete: false })).toBe("at least 3");
  });
});
