import { describe, expect, it } from "vitest";
import type { Campaign, CampaignStatement } from "../../src/api/types";
import { briefOf, isWithin, strictest, type Asked } from "../../src/brief/claims";

const ID = "campaign--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
const ALL: Asked = { from: "", until: "", campaigns: [], capability: "" };

const said = (more: Partial<CampaignStatement> = {}): CampaignStatement => ({
  id: ID, name: "Grey Heron", modified: "2026-02-10T00:00:00.000Z", organisation: "heron", tlp: "amber", first_seen: "2026-02-01T10:00:00Z", last_seen: "2026-02-05T10:00:00Z", ...more,
});
const campaign = (...all: CampaignStatement[]): Campaign => ({
  id: ID, said: all, at_least: {}, indicators: { count: 2, by_kind: { "ip-range": 2 }, complete: true },
  sightings: { by_day: [{ day: "2026-02-01", sightings: 1, count: 5, organisations: 1 }, { day: "2026-02-09", sightings: 1, count: 7, organisations: 1 }], complete: true },
});

describe("a brief", () => {
  it("has a claim for each number of each member, and adds nothing up", () => {
    const brief = briefOf([campaign(said({ accounts: { count: 2_000, basis: "exact" } }), said({ organisation: "ibis", accounts: { count: 1_800, basis: "estimate" }, disclosed_publicly: true }))], ALL);
    expect(brief.campaigns[0]!.claims).toEqual([
      { number: 1, campaign: ID, what: "accounts", value: "exactly 2,000", standing: "observed", disclosed: false, organisation: "heron", origin: undefined, tlp: "amber", modified: "2026-02-10T00:00:00.000Z", basis: "counted" },
      { number: 2, campaign: ID, what: "accounts", value: "by estimate 1,800", standing: "assessed", disclosed: true, organisation: "ibis", origin: undefined, tlp: "amber", modified: "2026-02-10T00:00:00.000Z", basis: "estimated" },
    ]);
  });

  it("calls nothing observed that does not say what it rests on", () => {
    const [claim] = briefOf([campaign(said({ tokens: { count: 5 } }))], ALL).campaigns[0]!.claims;
    expect(claim).toMatchObject({ standing: "assessed", basis: "does not say" });
  });

  it("is marked as the strictest of all that is in it, and not at all when something is not", () => {
    expect(strictest(["green", "amber+strict", "clear"])).toBe("amber+strict");
    expect(strictest(["green", undefined])).toBeUndefined();
    expect(strictest(["green", "orange"])).toBeUndefined();
    expect(strictest([])).toBeUndefined();
    expect(briefOf([campaign(said({ tlp: "green" }), said({ tlp: "red", revoked: true }))], ALL).marking).toBe("green");
  });

  it.each([
    [{ from: "2026-02-05" }, true], [{ from: "2026-02-06" }, false], [{ until: "2026-02-01" }, true], [{ until: "2026-01-31" }, false],
    [{ from: "2026-02-02", until: "2026-02-03" }, true], [{ capability: "reasoning" }, false], [{ campaigns: ["campaign--other"] }, false], [{ campaigns: [ID] }, true],
  ])("has what is asked for: %j", (asked, is) => {
    expect(briefOf([campaign(said())], { ...ALL, ...asked }).campaigns).toHaveLength(is ? 1 : 0);
  });

  it("takes the day on which something was said for when it was seen, where nobody says that", () => {
    const { first_seen: _first, last_seen: _last, ...unseen } = said();
    expect(isWithin(unseen, { ...ALL, from: "2026-02-10", until: "2026-02-10" })).toBe(true);
    expect(isWithin(unseen, { ...ALL, until: "2026-02-09" })).toBe(false);
  });

  it("counts the sightings of its period alone", () => {
    expect(briefOf([campaign(said())], { ...ALL, from: "2026-02-02", until: "2026-02-10" }).campaigns[0]!.sightings).toBe(7);
    expect(briefOf([campaign(said())], ALL).campaigns[0]!.sightings).toBe(12);
  });

  it("cites judgements and changes of model, too", () => {
    const brief = briefOf([campaign(said({ targeted_capabilities: ["reasoning", "code"], release_pivots: [{ model: "m-2", time: "2026-02-02T00:00:00Z", share: 0.9 }] }))], { ...ALL, capability: "code" });
    expect(brief.campaigns[0]!.claims.map(({ what, value, standing }) => [what, value, standing])).toEqual([
      ["targeted capabilities", "reasoning, code", "assessed"],
      ["traffic that moved to m-2 after its release", "90 %", "observed"],
    ]);
  });
});
