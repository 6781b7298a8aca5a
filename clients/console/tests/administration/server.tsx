// What the pages of the administration are tested with: a server that answers what a test says, and remembers what was asked.
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import type { ConsoleSession } from "../../src/api/types";
import { SettingsProvider } from "../../src/ui/settings";

export interface Asked {
  what: string; // "POST /api/v1/…"
  body: unknown;
}

// A text is a refusal with that sentence.
export function server(answers: Record<string, unknown>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, init: { method: string; body?: string }) => {
    const what = `${init.method} ${path}`;
    asked.push({ what, body: init.body === undefined ? undefined : JSON.parse(init.body) });
    const answer = answers[what];
    if (answer === undefined || typeof answer === "string") return new Response(JSON.stringify({ detail: answer ?? `Nobody expected ${what}.` }), { status: 422 });
    return new Response(JSON.stringify(answer));
  });
  return asked;
}

export function show(page: ReactNode) {
  return render(<SettingsProvider>{page}</SettingsProvider>);
}

export function session(...roles: string[]): ConsoleSession {
  return { organisation: "hub", credential: { id: "0123456789abcdef", label: "administrator" }, roles, idle_until: "", until: "" };
}
