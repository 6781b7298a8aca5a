// Two people at the consoles of two instances that are peers. tests/browser/federated_test.py starts them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkAccess, go, launch, open, signIn, url } from "./browser.mjs";

const { LAB, THEIR_URL, THEIR_ANALYST } = process.env;
const PATIENCE = 90_000; // milliseconds: that of the other tests of peers
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test("what is shared at one instance arrives at the other, and its recall is acknowledged from there", async () => {
  const ours = await open(browser);
  const theirs = await open(browser, { at: THEIR_URL, expected: [401, 404] }); // they have no proof of what stands in our log
  for (const { page } of [ours, theirs]) page.setDefaultTimeout(PATIENCE);
  await signIn(theirs.page, THEIR_ANALYST, THEIR_URL);
  await theirs.page.getByText("Live.").waitFor();
  await signIn(ours.page, LAB);
  await go(ours.page, "Submit");
  await ours.page.getByLabel(/^Paste/).fill("AS64501\n");
  await ours.page.getByLabel(/^Marking/).selectOption("green");
  await ours.page.getByRole("button", { name: "Look what would happen" }).click();
  await ours.page.getByRole("button", { name: "Share 1" }).click();
  await ours.page.getByRole("heading", { name: "What happened" }).waitFor();
  const arrived = theirs.page.locator(".arrivals li", { hasText: "64501" }).getByRole("link");
  const id = (await arrived.getAttribute("href")).split("/").at(-1);
  await arrived.click();
  await theirs.page.getByRole("heading", { level: 1 }).filter({ hasText: "64501" }).waitFor();
  await ours.page.goto(`${url}/console/recalls/new`);
  await ours.page.getByLabel("Object").fill(id);
  await ours.page.getByRole("button", { name: "Look what would happen" }).click();
  await ours.page.getByRole("button", { name: "Recall it" }).click();
  await ours.page.getByRole("row", { name: /^heron acknowledged/ }).waitFor();
  await checkAccess(ours.page, "an acknowledged recall");
  await go(theirs.page, "Federation");
  const recalls = theirs.page.locator("dt", { hasText: "Recalls applied" }).locator("xpath=following-sibling::dd[1]");
  assert.equal(await recalls.innerText(), "1 of 1");
  await checkAccess(theirs.page, "a peer");
  await theirs.page.goto(`${THEIR_URL}/console/indicators?value=AS64501`);
  await theirs.page.locator("main .empty").waitFor();
  for (const one of [ours, theirs]) {
    one.check();
    await one.close();
  }
});
