// @vitest-environment node
import { describe, expect, it } from "vitest";
import { fromBase64, sha256, toHex, utf8 } from "../../src/proof/bytes";
import { parseKey } from "../../src/proof/note";
import { check, parseProof, summed, type Proof } from "../../src/proof/proof";
import { proofText, signer } from "./log_of_one";

const ID = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
const OBJECT = JSON.stringify({ id: ID, type: "indicator", name: "Ärger — 雪" });
const ORIGIN = "hub.example/log";

function parsed(text: string): Proof {
  const proof = parseProof(text);
  if (typeof proof === "string") throw new Error(proof);
  return proof;
}

async function failing(text: string, key: string | null): Promise<string[]> {
  const steps = await check(parsed(text), ID, key === null ? null : await parseKey(key));
  return steps.filter((step) => step.outcome !== "holds").map((step) => `${step.name} ${step.outcome}`);
}

describe("a proof", () => {
  it("holds for every place in logs of every size", async () => {
    const by = await signer(ORIGIN);
    for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 16, 21])
      for (let index = 0; index < size; ++index)
        expect(await failing(await proofText(OBJECT, index, size, ORIGIN, by), by.text), `${index} of ${size}`).toEqual([]);
  });

  it("fails when any byte of it was changed", async () => {
    const by = await signer(ORIGIN);
    const text = await proofText(OBJECT, 5, 11, ORIGIN, by);
    let told = 0;
    for (let at = text.indexOf("extra ") + 6; at < text.length - 1; at += 3) {
      const character = text[at]!;
      if (!/[A-Za-z0-9+/]/.test(character)) continue;
      const changed = text.slice(0, at) + (character === "A" ? "B" : "A") + text.slice(at + 1);
      const proof = parseProof(changed);
      if (typeof proof !== "string")
        expect(summed(await check(proof, ID, await parseKey(by.text))), `byte ${at}`).not.toBe("holds");
      told += 1;
    }
    expect(told).toBeGreaterThan(150);
  });

  it("says which step fails", async () => {
    const by = await signer(ORIGIN);
    const other = await signer(ORIGIN);
    const text = await proofText(OBJECT, 2, 5, ORIGIN, by);
    expect(await failing(text, other.text)).toEqual(["signature fails"]);
    expect(await failing(text, null)).toEqual(["signature unknown"]);
    expect(await failing(text.replace("index 2", "index 3"), by.text)).toEqual(["inclusion fails"]);
    expect(await failing(text.replace("\n5\n", "\n9\n"), by.text)).toEqual(["inclusion fails", "signature fails"]);
    const elsewhere = await proofText(JSON.stringify({ id: "indicator--other" }), 0, 1, ORIGIN, by);
    expect(await failing(elsewhere, by.text)).toEqual(["indicator fails"]);
    const renamed = await proofText(OBJECT, 0, 1, "elsewhere.example/log", by);
    expect(await failing(renamed, by.text)).toEqual(["signature fails"]);
  });

  it("that is none is refused with a sentence", async () => {
    const text = await proofText(OBJECT, 2, 5, ORIGIN, await signer(ORIGIN));
    const broken = ["", "x", text.slice(0, 40), text.replace("@v1", "@v2"), text.replace("extra ", "more "), text.replace("index 2", "index 02"),
      text.replace("index 2", "index -1"), text.replace("\n\n", "\n"), text.replace(/extra \S+/, "extra AQ=="), text.replace("\n5\n", "\nfive\n")];
    for (const one of broken) expect(typeof parseProof(one), one.slice(0, 60)).toBe("string");
  });
});

describe("a key of a log", () => {
  it("may have what looks like an id within its key", async () => {
    const encoded = `AQAA+aaaaaaaa+${"A".repeat(30)}`;
    const bytes = fromBase64(encoded)!;
    const id = (await sha256(utf8(`${ORIGIN}\n`), bytes)).slice(0, 4);
    expect((await parseKey(`${ORIGIN}+${toHex(id)}+${encoded}`))?.publicKey).toEqual(bytes.slice(1));
  });

  it("is taken in its one form", async () => {
    const { text } = await signer(ORIGIN);
    expect((await parseKey(` ${text}\n`))?.name).toBe(ORIGIN);
    const [name, id, key] = text.split("+", 3);
    for (const wrong of ["", "x", `${name}+00000000+${key}`, `${name}+${id}`, `+${id}+${key}`, `other+${id}+${key}`, text.toUpperCase()])
      expect(await parseKey(wrong), wrong).toBeNull();
  });
});
