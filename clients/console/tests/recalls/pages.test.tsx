import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ConsoleSession } from "../../src/api/types";
import { RecallPage } from "../../src/recalls/page";
import { StartRecall } from "../../src/recalls/start";
import { SettingsProvider } from "../../src/ui/settings";

const ID = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
const session = (...roles: string[]): ConsoleSession => ({ organisation: "aurora", credential: { id: "1", label: "" }, roles, idle_until: "", until: "" });
const RECALL = {
  recall: 12, id: ID, organisation: "aurora", action: "suppress", because: "wrong", made: "2026-02-03T10:20:30Z", deadline: "2026-02-04T10:20:30Z", entries: 3, outstanding: 2,
  peers: [
    { peer: "heron", state: "acknowledged", acknowledged: "2026-02-03T10:20:41Z", dependents: { said: "2026-02-03T10:21:00Z", instances: [{ log: "wren.example/log", state: "overdue" }] } },
    { peer: "ibis", state: "overdue", acknowledged: null, dependents: null },
  ],
};

interface Asked {
  method: string;
  path: string;
  body: string | undefined;
}

function server(answers: Record<string, unknown>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, init: { method: string; body?: string }) => {
    asked.push({ method: init.method, path, body: init.body });
    const answer = answers[`${init.method} ${path}`];
    return answer === undefined ? new Response(JSON.stringify({ detail: "It is not there." }), { status: 404 }) : new Response(JSON.stringify(answer));
  });
  return asked;
}

const shown = (page: React.ReactNode) => render(<SettingsProvider>{page}</SettingsProvider>);
const button = (name: RegExp) => screen.getByRole<HTMLButtonElement>("button", { name });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the page of a recall", () => {
  it("says who is late, since when, and who is behind a relay", async () => {
    server({ "GET /api/v1/recalls/12": RECALL });
    shown(<RecallPage number="12" />);
    await screen.findByText(/^2 instances have not acknowledged/);
    const [, first, second] = screen.getAllByRole("row");
    expect(first!.textContent).toMatch(/^ibisoverduenot yet.*Call its operator/);
    expect(second!.textContent).toContain("wren.example/log overdue");
  });

  it("saves the certificate under the recall's number", async () => {
    const asked = server({ "GET /api/v1/recalls/12": RECALL, "GET /api/v1/recalls/12/certificate": "tocsin/recall-certificate/v1" });
    const saved: string[] = [];
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => {} }));
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    shown(<RecallPage number="12" />);
    fireEvent.click(await screen.findByRole("button", { name: "Save the certificate" }));
    await waitFor(() => expect(saved).toEqual(["recall-12.txt"]));
    expect(asked.at(-1)!.path).toBe("/api/v1/recalls/12/certificate");
  });
});

describe("starting a recall", () => {
  const look = () => fireEvent.click(button(/^Look/));

  it("is possible only after what would happen was shown, and not after a change of it", async () => {
    const said = [{ id: ID, kind: "ip-range", value: "198.51.100.0/24", organisation: "aurora", modified: "", revoked: false, object: {} }];
    const asked = server({ [`GET /api/v1/indicators/${ID}`]: { id: ID, said }, "POST /api/v1/recalls": RECALL });
    shown(<StartRecall id={ID} session={session("analyst")} />);
    expect(button(/^Recall it/).disabled).toBe(true);
    look();
    await screen.findByText("ip-range 198.51.100.0/24, said by aurora.");
    expect(button(/^Recall it/).disabled).toBe(false);
    fireEvent.change(screen.getByLabelText("Because"), { target: { value: "overshared" } });
    expect(button(/^Recall it/).disabled).toBe(true);
    look();
    await waitFor(() => expect(button(/^Recall it/).disabled).toBe(false));
    fireEvent.click(button(/^Recall it/));
    await waitFor(() => expect(window.location.pathname).toBe("/console/recalls/12"));
    const sent = asked.filter(({ method }) => method === "POST");
    expect(sent.map(({ body }) => JSON.parse(body!))).toEqual([{ id: ID, because: "overshared", action: "suppress", deadline: "24h" }]);
  });

  it("says when what is shown is somebody else's", async () => {
    server({ [`GET /api/v1/indicators/${ID}`]: { id: ID, said: [{ id: ID, kind: "ip-range", value: "198.51.100.0/24", organisation: "borealis" }] } });
    shown(<StartRecall id={ID} session={session("analyst")} />);
    look();
    await screen.findByText(/is not said by aurora/);
  });

  it("says what is wrong with what was typed, and asks nothing", () => {
    const asked = server({});
    shown(<StartRecall id="AS1205" session={session("analyst")} />);
    look();
    expect(screen.getByRole("alert").textContent).toContain("named by its id");
    expect(asked).toEqual([]);
  });

  it("asks an administrator alone whose object it is", () => {
    server({});
    shown(<StartRecall id={ID} session={session("admin")} />);
    expect(screen.getByLabelText(/^Whose object/)).toBeTruthy();
    cleanup();
    shown(<StartRecall id={ID} session={session("analyst")} />);
    expect(screen.queryByLabelText(/^Whose object/)).toBeNull();
  });
});
