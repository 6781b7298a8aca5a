import { describe, expect, it } from "vitest";
import { addressOf, routeOf } from "../../src/ui/route";

describe("an address", () => {
  it("is a path below the console and comes back", () => {
    const address = addressOf(["indicators", "a/b ?#%"], new URLSearchParams({ q: "x&y" }));
    const [pathname, search] = address.split("?");
    const route = routeOf({ pathname: pathname!, search: `?${search}` });
    expect(route.path).toEqual(["indicators", "a/b ?#%"]);
    expect(route.query.get("q")).toBe("x&y");
  });

  it("that is broken is taken as it stands", () => {
    expect(routeOf({ pathname: "/console/indicators/%zz", search: "" }).path).toEqual(["indicators", "%zz"]);
    expect(routeOf({ pathname: "/elsewhere", search: "" }).path).toEqual([]);
  });
});
