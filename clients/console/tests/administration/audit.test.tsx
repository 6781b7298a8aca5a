import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { createHash, createHmac } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Audit, queryOf } from "../../src/administration/audit";
import { check, rootOf, type AuditCheckpoint, type AuditRow } from "../../src/administration/audit_proof";
import { wordsOf } from "../../src/administration/audit_words";
import { toHex, type Bytes } from "../../src/proof/bytes";
import { server, show } from "./server";

const hash = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

// By the definition of RFC 6962, another way than the console's.
function defined(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hash(Uint8Array.of(1), defined(leaves.slice(0, split)), defined(leaves.slice(split)));
}

function row(position: number): AuditRow {
  const entry = JSON.stringify({ action: "organisation.add", at: "2026-02-03T10:20:30Z", by: { credential: "program", organisation: "operator" }, organisation: `of-${position}` });
  const salt = Buffer.alloc(32, position);
  const inner = createHmac("sha256", "audit/entry/v1").update(salt).update(entry).digest();
  return { position, at_us: position, entry, salt: salt.toString("hex"), leaf: hash(Uint8Array.of(0), inner).toString("hex") };
}

const rows = (count: number) => Array.from({ length: count }, (_, position) => row(position));

function checkpointOf(of: AuditRow[]): AuditCheckpoint {
  const root = Buffer.from(defined(of.map((one) => Buffer.from(one.leaf, "hex")))).toString("base64");
  return { origin: "hub.example/log/audit", size: of.length, root, note: "", key: "" };
}

const outcomes = async (of: AuditRow[], checkpoint: AuditCheckpoint) => (await check(of, checkpoint, null)).map(({ name, outcome }) => `${name} ${outcome}`);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the trail re-derived", () => {
  it("has the root of RFC 6962 at every size", async () => {
    for (let size = 0; size <= 20; ++size) {
      const leaves = rows(size).map((one) => new Uint8Array(Buffer.from(one.leaf, "hex")) as Bytes);
      expect(toHex(await rootOf(leaves))).toBe(Buffer.from(defined(leaves)).toString("hex"));
    }
  });

  it("holds while nothing was changed, but for a signature that nobody made", async () => {
    expect(await outcomes(rows(5), checkpointOf(rows(5)))).toEqual(["leaves holds", "root holds", "signature fails"]);
  });

  it("fails where an entry was changed, left out or made anew with its leaf", async () => {
    const checkpoint = checkpointOf(rows(5));
    const changed = rows(5).map((one) => (one.position === 3 ? { ...one, entry: one.entry.replace("of-3", "of-x") } : one));
    expect((await outcomes(changed, checkpoint))[0]).toBe("leaves fails");
    expect((await outcomes(rows(5).filter((one) => one.position !== 2), checkpoint))[0]).toBe("entries fails");
    expect((await outcomes(rows(4), checkpoint))[1]).toBe("root fails");
    const anew = [...rows(4), { ...row(9), position: 4 }];
    expect(await outcomes(anew, checkpoint)).toContain("root fails");
  });
});

describe("the audit trail", () => {
  const CHECKPOINT = "GET /api/v1/audit/checkpoint";
  const entries = (query: string) => `GET /api/v1/audit/entries?${query}`;

  it("says who did what, and by what way", () => {
    expect(wordsOf(row(1).entry)).toEqual({ at: "2026-02-03T10:20:30Z", who: "operator, by the program itself", action: "organisation.add", rest: [["organisation", "of-1"]] });
    expect(wordsOf('{"action":"credential.add","roles":66,"person":""}').rest).toEqual([["roles", "analyst, admin"]]);
    expect(wordsOf("{").action).toContain("cannot read");
  });

  it("begins with the newest, and goes back without gap or repetition", async () => {
    const asked = server({
      [CHECKPOINT]: { ...checkpointOf([]), size: 250 },
      [entries("first=50&limit=200")]: { entries: [row(50), row(51)], next: null, size: 250 },
      [entries("first=0&limit=50")]: { entries: [row(0), row(1)], next: 50, size: 250 },
    });
    show(<Audit />);
    fireEvent.click(await screen.findByRole("button", { name: "Show earlier ones" }));
    await waitFor(() => expect(screen.getAllByRole("rowheader").map((one) => one.textContent)).toEqual(["51", "50", "1", "0"]));
    expect(screen.queryByRole("button", { name: "Show earlier ones" })).toBeNull();
    expect(asked).toHaveLength(3);
  });

  it("is asked for an organisation and whole days", () => {
    expect(queryOf({ organisation: " aurora ", since: "2026-02-03", until: "2026-02-28" })).toEqual({ organisation: "aurora", since: "2026-02-03T00:00:00Z", until: "2026-03-01T00:00:00.000Z" });
    expect(queryOf({ organisation: "", since: "", until: "" })).toEqual({});
  });

  it("leaves what is too long for a browser to the command", async () => {
    server({ [CHECKPOINT]: { ...checkpointOf([]), size: 20_001 }, [entries("first=19801&limit=200")]: { entries: [], next: null, size: 20_001 } });
    show(<Audit />);
    await screen.findByText(/too many for a browser/);
    expect(screen.queryByRole("button", { name: /^Re-derive/ })).toBeNull();
  });
});
