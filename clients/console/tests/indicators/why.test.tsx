import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Why } from "../../src/indicators/why";
import { routeOf } from "../../src/ui/route";
import { SettingsProvider } from "../../src/ui/settings";

const ID = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
const CLAIM = {
  id: ID, kind: "ip-range", value: "198.51.100.0/24", modified: "2026-02-03T10:20:30.123Z", organisation: "aurora", tlp: "green", revoked: false, confidence: 80, confidence_now: 63,
  valid_from: "2026-02-03T10:20:30.123Z", suggested_action: "challenge", evidence_basis: ["ip-correlation", "payment"], since: "2026-02-04T10:20:31.456789Z", own: false,
  dispute: `tocsin dispute ${ID} --because "..."`,
};

// A number is the status of a refusal.
function answers(...of: unknown[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    const answer = of[asked.length - 1];
    if (typeof answer === "number") return new Response(JSON.stringify({ code: "bad-parameter", detail: "covers is no address." }), { status: answer });
    return new Response(JSON.stringify(answer));
  });
  return asked;
}

const shown = (search: string) =>
  render(<SettingsProvider><Why route={routeOf({ pathname: "/console/indicators/why", search })} /></SettingsProvider>);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("why a value was hit", () => {
  it("is asked of nobody before there is a value", () => {
    const asked = answers();
    shown("");
    expect(screen.getByText(/A value is asked for/)).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it("has each claim with who says so, what it rests on, its dates and the command that disputes it", async () => {
    const asked = answers({ claims: [CLAIM] });
    shown("?covers=198.51.100.7&kind=ip-range");
    const row = (await screen.findByRole("link", { name: CLAIM.value })).closest("tr")!;
    for (const text of ["in force", "aurora", "TLP:GREEN", "ip-correlation, payment", "80 %, now 63 %", "challenge", "2026-02-04 10:20:31 UTC", "2026-02-03 10:20:30 UTC", CLAIM.dispute])
      expect(row.textContent).toContain(text);
    expect(screen.getByRole("status").textContent).toBe("1 claim covers it; 1 in force.");
    expect(asked).toEqual(["/api/v1/why?covers=198.51.100.7&kind=ip-range"]);
  });

  it("says what is muted, about an own range, or one's own, of which there is nothing to dispute", async () => {
    const { dispute: _, ...own } = CLAIM;
    answers({ claims: [{ ...own, own: true, own_range: "198.51.0.0/16", muted: { because: "our gateway" } }] });
    shown("?covers=198.51.100.7");
    const row = (await screen.findByRole("link", { name: CLAIM.value })).closest("tr")!;
    for (const text of ["muted here", "muted: our gateway", "your organisation says it", "about your own range 198.51.0.0/16", "it is your own"])
      expect(row.textContent).toContain(text);
    expect(row.textContent).not.toContain("tocsin dispute");
  });

  it("goes on where the first answer ended", async () => {
    const asked = answers({ claims: [CLAIM], next: "further" }, { claims: [{ ...CLAIM, id: `${ID}2`, value: "198.51.0.0/16", revoked: true }] });
    shown("?covers=198.51.100.7");
    fireEvent.click(await screen.findByRole("button", { name: "Show more" }));
    await screen.findByRole("link", { name: "198.51.0.0/16" });
    expect(screen.getByRole("status").textContent).toBe("2 claims cover it; 1 in force.");
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
    expect(asked[1]).toBe("/api/v1/why?next=further");
  });

  it("that nothing covers is not told to be harmless", async () => {
    answers({ claims: [] });
    shown("?covers=198.51.100.7");
    expect(await screen.findByText(/or is hidden from you/)).toBeTruthy();
  });

  it("says the server's sentence when it refuses the value", async () => {
    answers(400);
    shown("?covers=x");
    expect(await screen.findByText("covers is no address.")).toBeTruthy();
  });

  it("shows what members wrote as text", async () => {
    const text = "<img src=x onerror='window.hit = 1'>";
    answers({ claims: [{ ...CLAIM, value: text, organisation: text, origin: text, tlp: text, evidence_basis: [text], suggested_action: text, dispute: text, muted: { because: text } }] });
    const { container } = shown("?covers=198.51.100.7");
    await screen.findByRole("link", { name: text });
    expect(container.querySelectorAll("script, img, svg, iframe")).toHaveLength(0);
    expect("hit" in window).toBe(false);
  });
});
