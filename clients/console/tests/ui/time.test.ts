import { expect, it } from "vitest";
import { written } from "../../src/ui/time";

it("a moment is written as people read it, and what is none as it is", () => {
  expect(written("2026-02-03T10:20:30.123Z", "utc")).toBe("2026-02-03 10:20:30 UTC");
  expect(written("2026-02-03T10:20:30.123Z", "local")).toMatch(/^2026-02-0[234] \d\d:\d\d:30$/);
  expect(written("<b>soon</b>", "utc")).toBe("<b>soon</b>");
});
