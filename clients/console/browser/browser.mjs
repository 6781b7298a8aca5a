// Chromium as a person has it, and what no page of the console may do whatever it shows: break the policy, log an error,
// run a script of somebody else's, or ask another host.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
export const url = process.env.TOCSIN_URL;

export async function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
}

// `expected`: statuses of answers that the test means to provoke; the browser logs each as an error. `at`: the only host that it may ask.
// `clientCertificates`: as Playwright has them.
export async function open(browser, { dark = false, expected = [401], at = url, clientCertificates = [] } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    clientCertificates,
    colorScheme: dark ? "dark" : "light",
    viewport: { width: 1360, height: 900 },
  });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => {
    const provoked = expected.some((status) => message.text().includes(`status of ${status}`));
    if (message.type() === "error" && !provoked) wrong.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(at) && !request.url().startsWith("blob:")) wrong.push(`asked ${request.url()}`);
  });
  return { page, close: () => context.close(), check: () => assert.deepEqual(wrong, []) };
}

export async function signIn(page, token, at = url) {
  await page.goto(`${at}/console/`);
  await page.getByLabel("API token").fill(token);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

// Within the page, as a person goes: a load would ask for the session again.
export async function go(page, name) {
  await page.getByRole("navigation").getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

// WCAG 2.2 AA, as far as a program sees it. The policy of the page forbids scripts that are added: it is run from outside.
export async function checkAccess(page, where) {
  const { readFileSync } = await import("node:fs");
  await page.evaluate(readFileSync(AXE, "utf8"));
  const found = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  const told = found.violations.map((one) => `${where}: ${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(told, []);
}

// What somebody's program does meanwhile.
export async function text(path, token, { method = "GET", body } = {}) {
  const answer = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${said}`);
  return said;
}

export async function call(method, path, token, body) {
  const said = await text(path, token, { method, body });
  return said ? JSON.parse(said) : null;
}
