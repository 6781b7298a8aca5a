import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { History } from "../../src/indicators/history";
import { SettingsProvider } from "../../src/ui/settings";

const ID = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
const version = (modified: string, changed?: string[]) => ({ modified, date_added: modified, collections: ["network"], revoked: false, ...(changed ? { changed } : {}) });
const FIRST = "2026-01-01T00:00:00.000Z", SECOND = "2026-01-02T00:00:00.000Z";

function answers(objects: object[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, how: { headers: Record<string, string> }) => {
    asked.push(`${path} ${how.headers["Accept"]}`);
    if (path.endsWith("/history"))
      return new Response(JSON.stringify({ id: ID, complete: true, histories: [{ organisation: "heron", created_by_ref: "identity--a", versions: [version(FIRST), version(SECOND, ["confidence"])] }] }));
    return new Response(JSON.stringify({ objects }));
  });
  return asked;
}

const open = async () => {
  render(<SettingsProvider><History id={ID} /></SettingsProvider>);
  const details = (await screen.findByText("Before and after")).closest("details")!;
  details.open = true;
  fireEvent(details, new Event("toggle"));
};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the history of an indicator", () => {
  it("shows what was and what is of the same asserter, and asks for it only when it is opened", async () => {
    const asked = answers([
      { id: ID, created_by_ref: "identity--b", modified: FIRST, confidence: 99 },
      { id: ID, created_by_ref: "identity--a", modified: "2026-01-01T00:00:00Z", confidence: 40 },
      { id: ID, created_by_ref: "identity--a", modified: SECOND, confidence: 80 },
    ]);
    render(<SettingsProvider><History id={ID} /></SettingsProvider>);
    await screen.findByText(/changed: confidence/);
    expect(asked).toHaveLength(1);
    cleanup();
    await open();
    expect((await screen.findByRole("row", { name: /confidence/ })).textContent).toBe("confidence4080");
    expect(asked.at(-1)).toBe(`/taxii2/root/collections/network/objects/${ID}/?match%5Bversion%5D=all application/taxii+json;version=2.1`);
  });

  it("says so when a version is not shown any more", async () => {
    answers([{ id: ID, created_by_ref: "identity--a", modified: SECOND, confidence: 80 }]);
    await open();
    expect(await screen.findByText(/not shown to you any more/)).toBeTruthy();
  });
});
