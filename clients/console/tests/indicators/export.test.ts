import { describe, expect, it } from "vitest";
import { cell, csvOf } from "../../src/indicators/export";

describe("an export", () => {
  it.each(["=1+1", "+1", "-1", "@x", "\tx", "\rx"])("never begins a formula: %j", (text) => expect(cell(text)).toMatch(/^"?'/));

  it("quotes what would end a cell", () => {
    expect(cell('a "b", c')).toBe('"a ""b"", c"');
    expect(cell("198.51.100.0/24")).toBe("198.51.100.0/24");
  });

  it("has a row an indicator", () => {
    const item = { id: "indicator--1", kind: "ip-range", values: ["a", "b"], modified: "", revoked: false, confidence_now: 7 };
    expect(csvOf([item]).split("\r\n")).toEqual([
      "id,kind,value,tlp,confidence_now,organisation,origin,valid_until,suggested_action",
      "indicator--1,ip-range,a b,,7,,,,",
      "",
    ]);
  });
});
