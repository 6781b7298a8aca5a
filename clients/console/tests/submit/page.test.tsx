import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Submit } from "../../src/submit/page";

interface Asked {
  path: string;
  headers: Record<string, string>;
  body: string;
}

const PASTED = "198.51.100.0/24\n300.1.1.1/99";
const ANSWER = {
  accepted: 1, unchanged: 0, refused: 1,
  items: [
    { outcome: "accepted", line: 1, kind: "ip-range", id: "indicator--1" },
    { outcome: "refused", line: 2, findings: [{ code: "property-value", detail: "It is no address.", remedy: "Mend it." }] },
  ],
  readers: [{ collection: "network", tlp: "green", because: "every member that is cleared for green" }],
};

function server(status = 200): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, init: { headers: Record<string, string>; body: string }) => {
    asked.push({ path, headers: init.headers, body: init.body });
    const dry = path.includes("dry_run=1");
    return new Response(JSON.stringify(status === 200 ? { ...ANSWER, dry_run: dry } : { detail: "Ask for less.", code: "x" }), { status });
  });
  return asked;
}

const paste = (text: string) => fireEvent.change(screen.getByLabelText(/Paste/), { target: { value: text } });
const button = (name: RegExp) => screen.getByRole<HTMLButtonElement>("button", { name });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("submitting", () => {
  it("is possible only after the dry run of the very same bytes told who will see them", async () => {
    const asked = server();
    render(<Submit />);
    expect(button(/Look/).disabled).toBe(true);
    paste(PASTED);
    expect(button(/Share/).disabled).toBe(true);
    fireEvent.click(button(/Look/));
    await screen.findByText(/every member that is cleared/);
    expect(screen.getByText(/It is no address/)).toBeTruthy();
    expect(button(/Share 1/).disabled).toBe(false);
    paste(`${PASTED}\n`);
    expect(button(/Share/).disabled).toBe(true);
    paste(PASTED);
    fireEvent.change(screen.getByLabelText(/Marking/), { target: { value: "amber" } });
    expect(button(/Share/).disabled).toBe(true);
    fireEvent.click(button(/Look/));
    await waitFor(() => expect(button(/Share 1/).disabled).toBe(false));
    fireEvent.click(button(/Share 1/));
    await screen.findByText("What happened");
    expect(asked.map(({ path }) => path)).toEqual([
      "/api/v1/indicators?kind=ip-range&dry_run=1",
      "/api/v1/indicators?kind=ip-range&tlp=amber&dry_run=1",
      "/api/v1/indicators?kind=ip-range&tlp=amber",
    ]);
    expect(asked.every(({ body }) => body === PASTED)).toBe(true);
    expect(asked[2]!.headers["Idempotency-Key"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked[0]!.headers["Idempotency-Key"]).toBeUndefined();
  });

  it("that is refused says why, and keeps what was pasted", async () => {
    server(422);
    render(<Submit />);
    paste(PASTED);
    fireEvent.click(button(/Look/));
    await screen.findByText("Ask for less.");
    expect(screen.getByLabelText<HTMLTextAreaElement>(/Paste/).value).toBe(PASTED);
    expect(button(/Share/).disabled).toBe(true);
  });
});
