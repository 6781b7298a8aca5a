// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SECTIONS } from "../src/administration/sections";

const docs = new URL("../../../docs", import.meta.url).pathname;
const app = readFileSync(new URL("../src/app.tsx", import.meta.url), "utf8");
const told = readFileSync(`${docs}/console.md`, "utf8");
// The administration is shown by its parts.
const pages = [...app.matchAll(/\{ name: "([a-z-]+)", title:/g)].map((one) => one[1]!).filter((name) => name !== "administration");
const wanted = [...pages, ...SECTIONS.map(({ name }) => name), "commands", "sign-in", "indicator", "campaign", "brief", "start-recall", "recall", "keys"];
const pictures = wanted.flatMap((name) => [`${name}-light.webp`, `${name}-dark.webp`]);

describe("the pictures of the pages (SHOTS=docs/screenshots scripts/test-console makes them)", () => {
  it("are of pages that there are", () => {
    expect(pages.length).toBeGreaterThanOrEqual(5);
    expect(readdirSync(`${docs}/screenshots`).sort()).toEqual([...pictures].sort());
  });

  it.each(pictures)("%s is there, is small, and is shown in docs/console.md", (name) => {
    expect(existsSync(`${docs}/screenshots/${name}`)).toBe(true);
    const bytes = readFileSync(`${docs}/screenshots/${name}`);
    expect(bytes.subarray(8, 12).toString("latin1")).toBe("WEBP");
    expect(bytes.length).toBeLessThanOrEqual(60 * 1024);
    expect(told).toContain(`screenshots/${name}`);
  });
});
