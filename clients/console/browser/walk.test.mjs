// A person's way through the console, in Chromium, against a real server. tests/browser/console_test.py starts both.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, checkAccess, go, launch, open, signIn, text, url } from "./browser.mjs";
import { HOSTILE } from "./hostile.mjs";

const { LAB, CLOUD, GOV, ADMIN, TO_GOV, LOG_KEY } = process.env;
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// Of addresses that are nobody's documentation: those are refused here.
const value = (number) => `198.51.${number < 100 ? number : number + 1}.0/28`;

async function shared(items) {
  const answer = await call("POST", "/api/v1/indicators", LAB, items);
  assert.equal(answer.refused, 0, JSON.stringify(answer.items));
  return answer.items.map((item) => item.id);
}

test("what is submitted in one window arrives in another at once", async () => {
  const lab = await open(browser);
  const cloud = await open(browser);
  await signIn(cloud.page, CLOUD);
  await cloud.page.getByText("Live.").waitFor();
  await signIn(lab.page, LAB);
  await go(lab.page, "Submit");
  const share = lab.page.getByRole("button", { name: /^Share/ });
  assert.ok(await share.isDisabled());
  await lab.page.getByLabel(/^Paste/).fill("AS1205\n");
  await lab.page.getByLabel(/^Marking/).selectOption("green");
  assert.ok(await share.isDisabled());
  await lab.page.getByRole("button", { name: "Look what would happen" }).click();
  await lab.page.getByRole("heading", { name: "Who will see it, and why" }).waitFor();
  await lab.page.getByRole("button", { name: "Share 1" }).click();
  await lab.page.getByRole("heading", { name: "What happened" }).waitFor();
  await cloud.page.locator(".arrivals li").first().waitFor();
  await checkAccess(lab.page, "submit");
  for (const one of [lab, cloud]) {
    one.check();
    await one.close();
  }
});

test("what is refused says where and why, and cannot be shared", async () => {
  const { page, check, close } = await open(browser);
  await signIn(page, LAB);
  await go(page, "Submit");
  await page.getByLabel(/^Paste/).fill("10.0.0.0/8\n300.1.1.1/9");
  await page.getByRole("button", { name: "Look what would happen" }).click();
  await page.getByText("0 accepted, 0 unchanged, 2 refused").waitFor();
  await page.getByText(/reserved/).first().waitFor();
  assert.ok(await page.getByRole("button", { name: /^Share/ }).isDisabled());
  check();
  await close();
});

test("a search is its address, and a proof is verified in the browser", async () => {
  const [id] = await shared([{ kind: "proxy-asn", value: "AS1206", tlp: "green", description: "of the walk" }]);
  const { page, check, close } = await open(browser);
  await signIn(page, LAB);
  await go(page, "Indicators");
  await page.getByLabel("Value").fill("AS1206");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/\/console\/indicators\?value=AS1206$/);
  await page.getByRole("link", { name: "AS1206" }).click();
  await page.waitForURL(`${url}/console/indicators/${id}`);
  await page.getByText("by its own word", { exact: false }).waitFor();
  await page.getByLabel(/^Key of the log/).fill("nonsense");
  await page.getByRole("button", { name: "Trust this key" }).click();
  await page.getByText("That is no key of a log.", { exact: false }).waitFor();
  await page.getByLabel(/^Key of the log/).fill(LOG_KEY);
  await page.getByRole("button", { name: "Trust this key" }).click();
  await page.getByText("Proven:", { exact: false }).waitFor();
  assert.equal(await page.locator(".steps .holds").count(), 6);
  const proof = await text(`/api/v1/indicators/${id}/proof`, LAB);
  const elsewhere = proof.replace(/\nindex (\d+)\n/, (_, index) => `\nindex ${Number(index) + 1}\n`);
  await page.route("**/proof", (route) => route.fulfill({ contentType: "text/plain", body: elsewhere }));
  await page.reload();
  await page.getByText("Not proven:", { exact: false }).waitFor();
  assert.equal(await page.locator(".steps .fails strong").first().textContent(), "inclusion");
  check();
  await close();
});

test("why an address was hit is told by every claim that covers it, and by its own page", async () => {
  const [id] = await shared([{ kind: "ip-range", value: "198.53.7.0/24", tlp: "green", evidence_basis: ["ip-correlation"] }]);
  for (const dark of [false, true]) {
    const { page, check, close } = await open(browser, { dark });
    await signIn(page, CLOUD);
    await go(page, "Indicators");
    await page.getByRole("link", { name: "Why was a value hit?" }).click();
    await page.getByLabel("Value that was hit").fill("198.53.7.9");
    await page.getByRole("button", { name: "Ask why" }).click();
    await page.waitForURL(/\/console\/indicators\/why\?covers=198\.53\.7\.9$/);
    const row = page.getByRole("row", { name: /^198\.53\.7\.0\/24/ });
    await row.getByText("in force").waitFor();
    for (const text of ["aurora", "ip-correlation", `tocsin dispute ${id}`]) assert.ok((await row.innerText()).includes(text), text);
    await checkAccess(page, `why${dark ? ", dark" : ""}`);
    await row.getByRole("link", { name: "198.53.7.0/24" }).click();
    await page.getByRole("link", { name: "Every claim that covers it" }).click();
    await row.getByText("in force").waitFor();
    check();
    await close();
  }
});

test("a recall is made only after what would happen was read, and says who has acknowledged it", async () => {
  const [id] = await shared([{ kind: "proxy-asn", value: "AS1208", tlp: "green", confidence: 40 }]);
  assert.deepEqual(await shared([{ kind: "proxy-asn", value: "AS1208", tlp: "green", confidence: 80 }]), [id]);
  const { page, check, close } = await open(browser);
  await signIn(page, LAB);
  await page.goto(`${url}/console/indicators/${id}`);
  await page.getByText("Before and after").click();
  const change = page.getByRole("row", { name: /^confidence/ });
  await change.waitFor();
  assert.deepEqual(await change.getByRole("cell").allInnerTexts(), ["40", "80"]);
  await checkAccess(page, "a change");
  await page.getByRole("link", { name: "Take it back wherever it came to" }).click();
  const recall = page.getByRole("button", { name: "Recall it" });
  assert.equal(await page.getByLabel("Object").inputValue(), id);
  assert.ok(await recall.isDisabled());
  await page.getByRole("button", { name: "Look what would happen" }).click();
  await page.getByText("proxy-asn AS1208, said by aurora.").waitFor();
  await checkAccess(page, "start a recall");
  await recall.click();
  await page.getByText("It is done.", { exact: false }).waitFor();
  await checkAccess(page, "recall");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the certificate" }).click();
  assert.match((await saved).suggestedFilename(), /^recall-\d+\.txt$/);
  check();
  await close();
});

test("a token is shown once to the administrator, works, and is gone when it was put away", async () => {
  const { page, check, close } = await open(browser, { expected: [401, 403] });
  await signIn(page, ADMIN);
  await go(page, "Administration");
  await page.getByRole("link", { name: "Credentials" }).click();
  const form = page.getByRole("form", { name: "Make a credential" });
  await form.getByRole("option", { name: "aurora" }).waitFor({ state: "attached" });
  await form.getByLabel("Organisation", { exact: false }).first().selectOption("aurora");
  await form.getByLabel("What to make").selectOption("token");
  await form.getByLabel(/^analyst/).check();
  await checkAccess(page, "credentials");
  await form.getByRole("button", { name: "Make it" }).click();
  await page.getByText("It is shown this once", { exact: false }).waitFor();
  await checkAccess(page, "a new token");
  const token = await page.locator(".confirm code").innerText();
  assert.equal((await call("GET", "/api/v1/me", token)).organisation, "aurora");
  await page.getByRole("button", { name: "I have it; forget it here" }).click();
  assert.ok(!(await page.content()).includes(token));
  const id = token.slice(7, 23);
  await page.getByRole("button", { name: `Revoke ${id}` }).click();
  await page.getByRole("button", { name: `Revoke ${id} for good` }).click();
  await page.getByRole("row", { name: new RegExp(`^${id}.*was revoked`) }).waitFor();
  check();
  await close();
});

test("every part of the administration can be used by who sees little", async () => {
  for (const dark of [false, true]) {
    const { page, check, close } = await open(browser, { dark, expected: [401, 403] });
    await signIn(page, ADMIN);
    await go(page, "Administration");
    const parts = await page.getByRole("navigation", { name: "Parts of the administration" }).getByRole("link").allInnerTexts();
    assert.ok(parts.length >= 5, parts.join());
    for (const name of parts) {
      await page.getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 2, name }).waitFor();
      await page.locator("main .loading").waitFor({ state: "detached" });
      await checkAccess(page, `${name}${dark ? ", dark" : ""}`);
    }
    check();
    await close();
  }
});

test("the audit trail is re-derived in the browser, and a changed entry is noticed", async () => {
  const { page, check, close } = await open(browser);
  await signIn(page, ADMIN);
  await page.goto(`${url}/console/administration/audit`);
  const derive = page.getByRole("button", { name: "Re-derive the whole trail" });
  await derive.click();
  await page.getByText("by the server's own word", { exact: false }).waitFor();
  await page.getByLabel(/^Key of the trail/).fill((await call("GET", "/api/v1/audit/checkpoint", ADMIN)).key);
  await derive.click();
  await page.getByText("signed by the key that you trust", { exact: false }).waitFor();
  assert.equal(await page.locator(".steps .holds").count(), 3);
  await checkAccess(page, "audit");
  const trail = await text("/api/v1/audit/entries?limit=5000", ADMIN);
  const changed = trail.replace("organisation.add", "organisation.axe");
  assert.notEqual(changed, trail);
  await page.route(/\/audit\/entries/, (route) => route.fulfill({ contentType: "application/json", body: changed }));
  await derive.click();
  await page.getByText("The trail is not what its checkpoint says", { exact: false }).waitFor();
  check();
  await close();
});

test("A16: whatever members write is shown as text, on every page", async () => {
  await shared([
    ...HOSTILE.map((text, number) => ({ kind: "ip-range", value: value(number), tlp: "green", description: text, labels: [text.slice(0, 60)] })),
  ]);
  await call("POST", "/api/v1/campaigns", LAB, HOSTILE.slice(0, 40).map((text, number) => ({ name: `${number} ${text}`, description: text, tlp: "amber" })));
  const { page, check, close } = await open(browser);
  await signIn(page, LAB);
  const answer = await call("GET", "/api/v1/indicators?kind=ip-range&limit=500", LAB);
  assert.ok(answer.indicators.length >= HOSTILE.length && HOSTILE.length >= 200, `${HOSTILE.length}`);
  for (const { id } of answer.indicators) {
    await page.evaluate((path) => {
      history.pushState(null, "", path);
      window.dispatchEvent(new Event("tocsin:moved"));
    }, `/console/indicators/${id}`);
    await page.getByText(id, { exact: true }).waitFor();
    assert.equal(await page.locator("main").locator("script, iframe, object, embed, img, svg, link, base, meta, template").count(), 0);
  }
  await go(page, "Campaigns");
  await page.locator("tbody tr").nth(30).waitFor();
  await go(page, "Indicators");
  await page.locator(".rows .row").first().waitFor();
  assert.equal(await page.evaluate(() => "hit" in window), false);
  check();
  await close();
});

test("every page can be used by keyboard and by who sees little, in light and dark", async () => {
  for (const dark of [false, true]) {
    const { page, check, close } = await open(browser, { dark });
    await page.goto(`${url}/console/`);
    await page.getByLabel("API token").waitFor();
    await checkAccess(page, "sign in");
    await signIn(page, LAB);
    for (const name of ["Overview", "Indicators", "Campaigns", "Submit", "Federation", "Recalls", "Administration"]) {
      await go(page, name);
      await page.locator("main .loading").waitFor({ state: "detached" });
      await checkAccess(page, `${name}${dark ? ", dark" : ""}`);
    }
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await checkAccess(page, "keys");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.getByRole("heading", { level: 1, name: "Indicators" }).waitFor();
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "q");
    check();
    await close();
  }
});

test("a liaison's browser is sent no byte of what is not released to her", async () => {
  const secret = "not-for-governments-7f3a";
  await shared([{ kind: "proxy-asn", value: "AS1207", tlp: "amber", description: secret }]);
  const { page, check, close } = await open(browser, { expected: [401, 403] });
  let seen = "";
  page.on("response", async (response) => {
    seen += await response.text().catch(() => "");
  });
  await signIn(page, GOV);
  for (const name of ["Overview", "Indicators", "Campaigns", "Federation"]) await go(page, name);
  await page.goto(`${url}/console/indicators?value=AS1207`);
  await page.locator("main .empty").waitFor();
  assert.match(await page.locator("main .empty").innerText(), /^Nothing that you may see is so/);
  assert.ok(seen.length > 1_000);
  assert.ok(!seen.includes(secret) && !seen.includes("AS1207\""));
  check();
  await close();
});

test("a liaison makes a brief of what she may see, and its numbers lead to their claims", async () => {
  const answer = await call("POST", "/api/v1/campaigns", LAB, [
    { name: "Released by the walk", tlp: "amber", markings: [TO_GOV], account_count: 2_000, account_count_basis: "exact", targeted_capabilities: ["reasoning"] },
    { name: "Kept from governments", tlp: "amber", account_count: 7, account_count_basis: "estimate", targeted_capabilities: ["reasoning"] },
  ]);
  assert.equal(answer.refused, 0, JSON.stringify(answer.items));
  for (const dark of [false, true]) {
    const { page, check, close } = await open(browser, { dark, expected: [401, 403] });
    await signIn(page, GOV);
    await go(page, "Campaigns");
    await page.getByRole("link", { name: "Make a brief of them" }).click();
    await page.getByLabel("Capability").selectOption("reasoning");
    await page.getByRole("button", { name: "Make the brief" }).click();
    await page.waitForURL(/\/console\/campaigns\/brief\?capability=reasoning$/);
    const paper = page.getByRole("article", { name: "Brief" });
    await paper.getByRole("link", { name: "claim 1", exact: true }).click();
    assert.match(await page.locator("#claim-1").innerText(), /^accounts: exactly 2,000\. observed TLP:AMBER/);
    assert.ok(!(await page.content()).includes("Kept from governments"));
    await checkAccess(page, `brief${dark ? ", dark" : ""}`);
    assert.ok(!(await page.locator(".on-each-page").isVisible()));
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".on-each-page").isVisible());
    assert.ok(!(await page.getByRole("button", { name: "Sign out" }).isVisible()));
    assert.ok((await page.pdf()).length > 1_000);
    check();
    await close();
  }
});

test("signing out ends the session, and so does revoking the credential", async () => {
  const { page, check, close } = await open(browser);
  await signIn(page, LAB);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("API token").waitFor();
  await page.reload();
  await page.getByLabel("API token").waitFor();
  const made = await call("POST", "/api/v1/admin/credentials", ADMIN, { organisation: "aurora", roles: ["analyst"] });
  await signIn(page, made.token);
  await call("POST", `/api/v1/admin/credentials/${made.token.slice(7, 23)}/revoke`, ADMIN, {});
  await page.getByRole("navigation").getByRole("link", { name: "Campaigns" }).click();
  await page.getByText("You were signed out:", { exact: false }).waitFor();
  await page.getByLabel("API token").waitFor();
  check();
  await close();
});
