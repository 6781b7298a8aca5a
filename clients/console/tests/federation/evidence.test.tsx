import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Evidences } from "../../src/federation/evidence";
import { inWords } from "../../src/federation/evidence_words";
import { SettingsProvider } from "../../src/ui/settings";

const checkpoint = (size: number, root: string) => btoa(`ibis.example/log\n${size}\n${root}\n\n- signature\n`);
const text = `tocsin/log-evidence/v1\nlog ibis.example/log+05286044+AY\nfirst ${checkpoint(3, "cm9vdA==")}\nsecond ${checkpoint(4711, "b3RoZXI=")}\n`;
const of = (kind: string) => ({ log: "ibis.example/log", kind, found: "2026-02-03T10:20:30Z", text });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("evidence in words", () => {
  it("says which two logs were signed, and why both cannot be", () => {
    const [signed, why] = inWords(of("rewritten"));
    expect(signed).toBe("Its key signed a log of 3 entries with the root cm9vdA==, and one of 4,711 entries with the root b3RoZXI=.");
    expect(why).toContain("does not begin with the shorter one");
    expect(inWords(of("forked"))[1]).toContain("two different logs");
  });

  it("does without the logs where the file is not as it should be", () => {
    expect(inWords({ ...of("forked"), text: "first !\nsecond" })[0]).toContain("one root");
  });

  it("warns of showing an entry of somebody else's log around", () => {
    expect(inWords(of("misrelayed")).join(" ")).toContain("to nobody else");
  });
});

describe("the evidence against a peer", () => {
  const show = (quarantined: boolean, admin: boolean) =>
    render(
      <SettingsProvider>
        <Evidences peer="ibis" quarantined={quarantined} admin={admin} />
      </SettingsProvider>,
    );
  const server = (evidence: unknown[]) => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (path: string) => {
      asked.push(path);
      return new Response(JSON.stringify({ evidence }));
    });
    return asked;
  };

  it("is shown to an administrator at once when the peer is quarantined", async () => {
    const asked = server([of("forked")]);
    show(true, true);
    await screen.findByRole("button", { name: "Save file 1 against ibis" });
    expect(asked).toEqual(["/api/v1/admin/peers/ibis/evidence"]);
  });

  it("is asked for only when it is wanted when the peer is not", async () => {
    const asked = server([]);
    show(false, true);
    expect(asked).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Look for evidence against ibis" }));
    await screen.findByText("Nothing is kept against it.");
  });

  it("is not asked for by who may not have it", () => {
    const asked = server([]);
    show(true, false);
    expect(screen.getByText(/tocsind peer evidence ibis/)).toBeTruthy();
    expect(asked).toEqual([]);
  });
});
