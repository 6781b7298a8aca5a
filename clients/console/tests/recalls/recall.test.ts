import { describe, expect, it } from "vitest";
import { inWords, ordered, span, standing, type Recall, type RecallPeer } from "../../src/recalls/recall";
import { mistake, type Wanted } from "../../src/recalls/start";

const MADE = "2026-02-03T10:00:00Z";
const at = (time: string) => Date.parse(`2026-02-${time}Z`);
const peer = (name: string, state: RecallPeer["state"]): RecallPeer => ({ peer: name, state, acknowledged: null, dependents: null });
const recall: Recall = {
  recall: 12, id: null, organisation: "aurora", action: "suppress", because: "wrong", made: MADE, deadline: "2026-02-04T10:00:00Z", entries: 3, outstanding: 2,
  peers: [peer("ibis", "acknowledged"), peer("wren", "outstanding"), peer("heron", "overdue"), peer("auk", "overdue")],
};

describe("how far a recall has come", () => {
  it("says who is missing and how long there is, or was, time", () => {
    expect(standing(recall, at("03T11:30:00"))).toBe("2 instances have not acknowledged; there is time for 22 hours.");
    expect(standing({ ...recall, outstanding: 1 }, at("07T10:00:01"))).toBe("1 instance has not acknowledged; the deadline passed 3 days ago.");
  });

  it("says that it is done, and whether anybody had to do something", () => {
    expect(standing({ ...recall, outstanding: 0 }, 0)).toContain("Everybody");
    expect(standing({ ...recall, outstanding: 0, peers: [] }, 0)).toContain("No peer");
  });

  it("shows who is late first", () => expect(ordered(recall.peers).map((one) => one.peer)).toEqual(["auk", "heron", "wren", "ibis"]));

  it("says of each peer since when it is waited for", () => {
    expect(inWords(peer("wren", "outstanding"), MADE, at("03T10:20:59"))).toBe("No receipt yet, for 20 minutes.");
    expect(inWords(peer("wren", "overdue"), MADE, at("05T10:00:00"))).toContain("No receipt in 2 days");
    expect(inWords(peer("wren", "acknowledged"), MADE, 0)).toContain("signed");
  });

  it("never says more time than there is", () => {
    expect(span(0, 59_999)).toBe("less than a minute");
    expect(span(0, 60_000)).toBe("1 minute");
    expect(span(0, 119 * 60_000)).toBe("1 hour");
    expect(span(0, 48 * 3_600_000)).toBe("2 days");
  });
});

describe("what is wanted", () => {
  const wanted: Wanted = { id: "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", because: "wrong", action: "suppress", deadline: "24h", organisation: "" };

  it("is an id and a time of thirty days at most", () => {
    expect(mistake(wanted)).toBeNull();
    expect(mistake({ ...wanted, deadline: "30d" })).toBeNull();
    for (const deadline of ["", "0h", "24", "31d", "721h", "1w"]) expect(mistake({ ...wanted, deadline })).toContain("deadline");
    for (const id of ["", "AS1205", "indicator--8e2e"]) expect(mistake({ ...wanted, id })).toContain("id");
  });
});
