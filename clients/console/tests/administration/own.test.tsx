import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Feeds, leftOut } from "../../src/administration/feeds";
import { inWords, Readers } from "../../src/administration/readers";
import { server, show } from "./server";

const manifest = (excluded: object) => ({ entries: 1, indicators: 2, as_of: "2026-02-03T10:20:30Z", expires: "2026-02-03T11:20:30Z", sha256: "", excluded });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("feeds", () => {
  it("tell what they leave out, the most frequent reason first, and a new reason as it is", () => {
    expect(leftOut({ cgnat: 1, action: 3, "of-tomorrow": 3 }).map(({ reason, count }) => `${reason} ${count}`)).toEqual(["action 3", "of-tomorrow 3", "cgnat 1"]);
    expect(leftOut({ cgnat: 1 })[0]!.says).toContain("carrier-grade");
  });

  it("are asked for one at a time", async () => {
    const asked = server({
      "GET /api/v1/feeds": { feeds: [{ name: "observe-v4" }, { name: "block-v4" }] },
      "GET /api/v1/feeds/observe-v4/manifest": manifest({}),
      "GET /api/v1/feeds/block-v4/manifest": manifest({ "shared-egress": 7 }),
    });
    show(<Feeds />);
    await screen.findByText("Nothing that you see was left out.");
    expect(asked).toHaveLength(2);
    fireEvent.change(screen.getByLabelText("Feed"), { target: { value: "block-v4" } });
    await screen.findByRole("rowheader", { name: "shared-egress" });
  });
});

describe("readers", () => {
  it("are counted in words, and it is said when there may be more", () => {
    expect(inWords({ organisations: 0, complete: true })).toBe("No other organisation was sent it.");
    expect(inWords({ organisations: 1, complete: true })).toMatch(/^1 other organisation may/);
    expect(inWords({ organisations: 4, complete: false })).toContain("More may have");
  });

  it("of what is not one's own are not told, with the server's reason", async () => {
    server({ "GET /api/v1/me": { collections: [{ id: "c1", title: "network" }] }, "GET /api/v1/collections/c1/objects/indicator--1/readers": "There is no such object of yours." });
    show(<Readers />);
    fireEvent.change(await screen.findByLabelText("Object"), { target: { value: " indicator--1 " } });
    fireEvent.click(screen.getByRole("button", { name: "Count its readers" }));
    await screen.findByText("There is no such object of yours.");
  });
});
