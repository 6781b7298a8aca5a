import { afterEach, describe, expect, it, vi } from "vitest";
import { arrivalOf, listen, tally, withArrival, type Arrival, type Told } from "../../src/overview/arrivals";

const event = (object: unknown, more: object = {}) => JSON.stringify({ collection: "c", object, date_added: "2026-01-31T12:00:00.000000Z", ...more });
const arrival = (place: string, type = "indicator", origin?: string): Arrival => ({ place, at: "", type, id: place, name: place, origin });

describe("what arrives", () => {
  it("is taken from an event, with who said it", () => {
    expect(arrivalOf("p1", event({ type: "indicator", id: "indicator--1", pattern: "[a:b = 1]" }, { origin: "ibis" }))).toEqual({
      place: "p1", at: "2026-01-31T12:00:00.000000Z", type: "indicator", id: "indicator--1", name: "[a:b = 1]", origin: "ibis",
    });
  });

  it.each(["", "null", "[]", "{}", event(null), event({ type: 1, id: "x" }), event({ id: "x" })])("is nothing when it is not one: %j", (data) =>
    expect(arrivalOf("p", data)).toBeNull(),
  );

  it("is told once, the newest first, and a hundred at most", () => {
    let all: Arrival[] = [];
    for (let i = 0; i < 150; ++i) all = withArrival(all, arrival(`p${i}`));
    all = withArrival(all, arrival("p149"));
    expect(all).toHaveLength(100);
    expect(all[0]!.place).toBe("p149");
  });

  it("is counted, the most first", () => {
    const all = [arrival("1"), arrival("2", "sighting"), arrival("3"), arrival("4", "campaign")];
    expect(tally(all, (one) => one.type)).toEqual([["indicator", 2], ["campaign", 1], ["sighting", 1]]);
  });
});

describe("listening", () => {
  class Source extends EventTarget {
    static readonly CLOSED = 2;
    static made: Source[] = [];
    readyState = 1;
    constructor(readonly url: string) {
      super();
      Source.made.push(this);
    }
    close() {
      this.readyState = Source.CLOSED;
    }
    say(type: string, data: string, place = "") {
      this.dispatchEvent(new MessageEvent(type, { data, lastEventId: place }));
    }
  }

  afterEach(() => vi.unstubAllGlobals());

  it("tells what comes, that it broke, and why it ended", () => {
    vi.stubGlobal("EventSource", Source);
    const told: Told[] = [];
    const stop = listen((one) => told.push(one));
    const source = Source.made[0]!;
    expect(source.url).toBe("/api/v1/stream");
    source.dispatchEvent(new Event("open"));
    source.say("object", event({ type: "indicator", id: "indicator--1" }), "p1");
    source.say("object", "nonsense", "p2");
    source.dispatchEvent(new Event("error"));
    source.say("end", JSON.stringify({ code: "unauthorized", why: "The credential was revoked." }));
    expect(told.map((one) => Object.keys(one)[0])).toEqual(["open", "arrival", "broken", "ended"]);
    expect(told[3]).toEqual({ ended: "The credential was revoked." });
    expect(source.readyState).toBe(Source.CLOSED);
    source.dispatchEvent(new Event("error"));
    expect(told[4]).toHaveProperty("ended");
    stop();
  });
});
