// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../src", import.meta.url).pathname;
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));

describe("the sources", () => {
  it.each(files)("%s makes no markup or code of a text, and asks no other host", (file) => {
    const text = readFileSync(`${root}/${file}`, "utf8");
    expect(text).not.toMatch(/dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|javascript:/);
    expect(text).not.toMatch(/https?:\/\//);
  });
});
