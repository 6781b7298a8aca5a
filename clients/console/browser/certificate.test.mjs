// Signing in by a client certificate, in Chromium, against a real server. tests/browser/certificate_test.py starts both.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, launch, open, url } from "./browser.mjs";

const { ADMIN, MTLS_URL, CERTIFICATE, KEY, UNBOUND, UNBOUND_KEY, CREDENTIAL } = process.env;
const SIGN_IN = "Sign in with a client certificate";
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// A window of a browser that has this certificate for the server. That nobody is signed in is a 404 to who could.
async function withCertificate(certPath, keyPath) {
  const window = await open(browser, { at: MTLS_URL, expected: [401, 404], clientCertificates: [{ origin: MTLS_URL, certPath, keyPath }] });
  await window.page.goto(`${MTLS_URL}/console/`);
  return window;
}

test("who has a certificate signs in without a token, and out with its end", async () => {
  const { page, check, close } = await withCertificate(CERTIFICATE, KEY);
  await page.getByRole("button", { name: SIGN_IN }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  assert.match(await page.locator(".who").innerText(), /^aurora \(analyst\)/);
  await page.reload();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await call("POST", `/api/v1/admin/credentials/${CREDENTIAL}/revoke`, ADMIN, {});
  await page.getByRole("navigation").getByRole("link", { name: "Campaigns" }).click();
  await page.getByText("You were signed out:", { exact: false }).waitFor();
  await page.getByRole("button", { name: SIGN_IN }).click();
  await page.getByRole("alert").waitFor();
  check();
  await close();
});

test("a certificate that stands for nobody signs nobody in, and the page says so", async () => {
  const { page, check, close } = await withCertificate(UNBOUND, UNBOUND_KEY);
  await page.getByRole("button", { name: SIGN_IN }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByRole("button", { name: "Sign out" }).count(), 0);
  check();
  await close();
});

test("without a certificate the page says that none came", async () => {
  const { page, check, close } = await open(browser);
  await page.goto(`${url}/console/`);
  await page.getByRole("button", { name: SIGN_IN }).click();
  await page.getByRole("alert").waitFor();
  check();
  await close();
});
