import { describe, expect, it } from "vitest";
import { differencesOf, EXTENSION, momentOf, propertiesOf } from "../../src/indicators/differences";

const object = (facts: object, more: object = {}) => ({
  type: "indicator", modified: "2026-01-02T03:04:05.000Z", pattern: "[a:b = 1]", extensions: { [EXTENSION]: { extension_type: "property-extension", ...facts }, other: { x: 1 } }, ...more,
});

describe("what changed between two versions", () => {
  it("has the facts of our extension by their own names, and others as they are", () => {
    expect(propertiesOf(object({ indicator_kind: "ip-range" }))).toEqual({
      type: "indicator", pattern: "[a:b = 1]", extension_type: "property-extension", indicator_kind: "ip-range", extensions: { other: { x: 1 } },
    });
    expect(propertiesOf({ type: "indicator", extensions: "nonsense" })).toEqual({ type: "indicator", extensions: {} });
  });

  it("is told by name, with what was and what is", () => {
    const before = object({ values: ["a", "b"] }, { confidence: 40, labels: ["x"] }), after = object({ values: ["a"] }, { confidence: 80, name: "new" });
    expect(differencesOf(before, after, ["confidence", "labels", "name", "values"])).toEqual([
      { name: "confidence", before: "40", after: "80" },
      { name: "labels", before: "x", after: null },
      { name: "name", before: null, after: "new" },
      { name: "values", before: "a\nb", after: "a" },
    ]);
  });

  it("takes two ways of writing a moment for one", () => {
    expect(momentOf("2026-01-02T03:04:05Z")).toBe(momentOf("2026-01-02T03:04:05.000000Z"));
    expect(momentOf("2026-01-02T03:04:05.1Z")).toBe(momentOf("2026-01-02T03:04:05.100Z"));
    expect(momentOf("2026-01-02T03:04:05.10Z")).not.toBe(momentOf("2026-01-02T03:04:05.010Z"));
    expect(momentOf("nonsense")).toBe("nonsense");
  });
});
