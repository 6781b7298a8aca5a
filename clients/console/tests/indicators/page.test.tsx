import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IndicatorPage } from "../../src/indicators/page";
import { SettingsProvider } from "../../src/ui/settings";

const ID = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
const HOSTILE = [
  "<script>window.hit = 1</script>",
  "<img src=x onerror='window.hit = 1'>",
  "\"><svg onload=window.hit=1>",
  "javascript:window.hit=1",
  "</code></pre><iframe srcdoc='<script>parent.hit=1</script>'>",
  "{{constructor.constructor('window.hit=1')()}}",
];

function indicator(text: string) {
  const said = {
    id: ID, kind: text, value: text, name: text, modified: text, created_by_ref: text, organisation: text, origin: text, tlp: text, revoked: true, confidence: 7,
    valid_from: text, valid_until: text, suggested_action: text, collateral_level: text, labels: [text], muted: { because: text },
    object: { type: "indicator", pattern: text, description: text },
  };
  return {
    id: ID, said: [said],
    sightings: { by_outcome: { [text]: { sightings: 1, count: 1, organisations: 1, first_seen: text, last_seen: text } }, organisations: 1, complete: true },
    opinions: { by_value: { [text]: 1 }, organisations: 1, complete: true, disputes: [{ opinion: text, explanation: text, modified: text, organisation: text }] },
  };
}

function answers(of: Record<string, unknown>) {
  vi.stubGlobal("fetch", async (path: string) => {
    const found = Object.entries(of).find(([end]) => path.endsWith(end));
    if (!found) return new Response(JSON.stringify({ code: "not-logged", detail: "no", status: 404 }), { status: 404 });
    return new Response(typeof found[1] === "string" ? found[1] : JSON.stringify(found[1]));
  });
}

const session = (organisation: string, roles = ["analyst"]) =>
  ({ organisation, roles, credential: { id: "a", label: "" }, idle_until: "2026-11-20T12:00:00Z", until: "2026-11-20T12:00:00Z" });
const shown = (who = session("heron")) => render(<SettingsProvider><IndicatorPage id={ID} session={who} /></SettingsProvider>);

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the page of an indicator", () => {
  it.each(HOSTILE)("shows %j as text wherever it stands", async (text) => {
    answers({
      "/history": { id: ID, histories: [{ organisation: text, versions: [{ modified: text, date_added: text, collections: [text], revoked: false, changed: [text] }] }], complete: true },
      [ID]: indicator(text),
    });
    const { container } = shown();
    await screen.findAllByText(text, { exact: false });
    await screen.findByText(/changed:/);
    expect(container.querySelectorAll("script, img, svg, iframe, object, embed")).toHaveLength(0);
    for (const element of container.querySelectorAll("*"))
      for (const { name, value } of element.attributes) {
        expect(name.startsWith("on")).toBe(false);
        if (name === "href") expect(value.startsWith("/console/")).toBe(true);
      }
    expect("hit" in window).toBe(false);
  });

  it("shows a proof that was tampered with as failed", async () => {
    answers({ "/proof": "c2sp.org/tlog-proof@v1\nextra x\nindex 0\n\n", "/history": { id: ID, histories: [], complete: true }, [ID]: indicator("x") });
    shown();
    expect((await screen.findByText(/proves nothing/)).getAttribute("role")).toBe("alert");
  });

  it("leads to a recall of what the reader's organisation says here, and of nothing else", async () => {
    const ours = { ...indicator("x").said[0]!, organisation: "heron", origin: undefined, revoked: false };
    const says = async (said: object, who = session("heron")) => {
      answers({ "/history": { id: ID, histories: [], complete: true }, [ID]: { ...indicator("x"), said: [said] } });
      shown(who);
      await screen.findByText("Who says so");
      const found = screen.queryByText(/Take it back/)?.getAttribute("href");
      cleanup();
      return found;
    };
    expect(await says(ours)).toBe(`/console/recalls/new?id=${ID}`);
    expect(await says(ours, session("ibis"))).toBeUndefined();
    expect(await says(ours, session("heron", ["reader"]))).toBeUndefined();
    expect(await says({ ...ours, origin: "ibis" })).toBeUndefined();
    expect(await says({ ...ours, revoked: true })).toBeUndefined();
  });

  it("says what to do when the server refuses", async () => {
    answers({});
    shown();
    expect(await screen.findAllByText("no")).not.toHaveLength(0);
    expect(screen.getAllByRole("button", { name: "Try again" })).not.toHaveLength(0);
  });
});
