import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BriefPage } from "../../src/brief/page";
import { SettingsProvider } from "../../src/ui/settings";

const ids = [1, 2].map((number) => `campaign--0000000${number}-0000-4000-8000-000000000000`);
const said = (at: number, more: object = {}) => ({
  id: ids[at]!, name: ["Grey Heron", "Little Egret"][at]!, modified: "2026-02-10T00:00:00.000Z", organisation: "heron", tlp: "amber", accounts: { count: 2_000, basis: "exact" }, ...more,
});
const session = { organisation: "cassini", roles: ["liaison"], credential: { id: "a", label: "" }, idle_until: "2026-11-20T12:00:00Z", until: "2026-11-20T12:00:00Z" };

function answers(statements: ReturnType<typeof said>[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (path === "/api/v1/campaigns") return new Response(JSON.stringify({ campaigns: statements.slice(0, 1), after: "x", complete: false }));
    if (path === "/api/v1/campaigns?after=x") return new Response(JSON.stringify({ campaigns: statements.slice(1), after: "y", complete: true }));
    const own = statements.filter((one) => path.endsWith(one.id));
    return new Response(JSON.stringify({ id: own[0]!.id, said: own, at_least: {}, indicators: { count: 0, by_kind: {}, complete: true }, sightings: { by_day: [], complete: true } }));
  });
  return asked;
}

const shown = (query = "") => render(<SettingsProvider><BriefPage route={{ path: ["campaigns", "brief"], query: new URLSearchParams(query) }} session={session} /></SettingsProvider>);

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the page of a brief", () => {
  it("reads every page of campaigns, and leads from each number to its claim", async () => {
    answers([said(0), said(1)]);
    shown();
    const table = await screen.findByRole("table", { name: "What is said of Little Egret" });
    const link = within(table).getByRole("link", { name: "claim 2" });
    const claim = document.getElementById(link.getAttribute("href")!.slice(1))!;
    expect(claim.textContent).toContain("accounts: exactly 2,000.");
    expect(claim.textContent).toContain("by heron, said on 2026-02-10 00:00:00 UTC. What it rests on: counted.");
    expect(within(claim).getByRole("link", { name: "Little Egret" }).getAttribute("href")).toBe(`/console/campaigns/${ids[1]}`);
    expect(screen.getByText(/^For cassini/).textContent).toContain("2 campaigns");
  });

  it("asks for the chosen campaigns alone, and its address says which", async () => {
    const asked = answers([said(0), said(1)]);
    shown(`campaign=${ids[1]}`);
    await screen.findByRole("table", { name: "What is said of Little Egret" });
    expect(asked.some((path) => path.endsWith(ids[0]!))).toBe(false);
    fireEvent.click(screen.getByLabelText("Grey Heron"));
    fireEvent.change(screen.getByLabelText("Seen from"), { target: { value: "2026-02-01" } });
    fireEvent.click(screen.getByRole("button", { name: "Make the brief" }));
    expect(window.location.search).toBe(`?from=2026-02-01&campaign=${ids[0]}&campaign=${ids[1]}`);
  });

  it("says so when nothing is asked for that there is", async () => {
    answers([said(0), said(1)]);
    shown("from=2027-01-01");
    expect(await screen.findByText(/No campaign that you may see is so/)).toBeTruthy();
  });

  it("shows hostile words as text", async () => {
    const text = "\"><img src=x onerror='window.hit=1'>";
    answers([said(0, { name: text, description: text, organisation: text, targeted_capabilities: [text] }), said(1)]);
    const { container } = shown();
    await screen.findByRole("table", { name: `What is said of ${text}` });
    expect(container.querySelectorAll("script, img, svg, iframe")).toHaveLength(0);
  });
});
