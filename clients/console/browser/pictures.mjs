// Pictures of every page, light and dark, for docs/console.md. tests/browser/pictures.py starts the server and says where they go.
import { writeFileSync } from "node:fs";
import { call, go, launch, open, signIn, url } from "./browser.mjs";

const { LAB, ADMIN, LOG_KEY, SHOTS } = process.env;

async function settled(page) {
  await page.locator("main .loading").waitFor({ state: "detached" });
  await page.evaluate(() => document.fonts.ready);
}

// WebP, which is a third of a PNG: only Chromium's own protocol makes it.
async function take(page, name, scheme) {
  await settled(page);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 45 });
  writeFileSync(`${SHOTS}/${name}-${scheme}.webp`, Buffer.from(data, "base64"));
  await session.detach();
}

const campaigns = await call("GET", "/api/v1/campaigns", LAB);

async function lookAtRecall(page, id) {
  await page.goto(`${url}/console/recalls/new`);
  await page.getByLabel("Object").fill(id);
  await page.getByRole("button", { name: "Look what would happen" }).click();
  await page.getByText("said by aurora", { exact: false }).waitFor();
}

async function ofMember(page, scheme, number) {
  await page.goto(`${url}/console/`);
  await page.getByLabel("API token").waitFor();
  await take(page, "sign-in", scheme);
  await signIn(page, LAB);
  await page.getByText("Live.").waitFor();
  const made = await call("POST", "/api/v1/indicators", LAB, [{ kind: "ip-range", value: `203.0.113.${128 + 16 * number}/28`, tlp: "green" }]);
  await page.locator(".arrivals li").first().waitFor();
  await take(page, "overview", scheme);
  for (const name of ["Indicators", "Campaigns", "Federation"]) {
    await go(page, name);
    await take(page, name.toLowerCase(), scheme);
  }
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await take(page, "keys", scheme);
  await page.keyboard.press("Escape");
  await page.goto(`${url}/console/indicators/${made.items[0].id}`);
  await page.getByLabel(/^Key of the log/).fill(LOG_KEY);
  await page.getByRole("button", { name: "Trust this key" }).click();
  await page.getByText("Proven:", { exact: false }).waitFor();
  await take(page, "indicator", scheme);
  await page.goto(`${url}/console/campaigns/${campaigns.campaigns[0].id}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await take(page, "campaign", scheme);
  await page.goto(`${url}/console/campaigns/brief`);
  await page.getByRole("article", { name: "Brief" }).waitFor();
  await page.locator("article").evaluate((article) => article.scrollIntoView());
  await take(page, "brief", scheme);
  await go(page, "Submit");
  await page.getByLabel(/^Paste/).fill("192.0.2.7\n10.0.0.0/8\nAS64501\n");
  await page.getByRole("button", { name: "Look what would happen" }).click();
  await page.getByRole("heading", { name: "Who will see it, and why" }).waitFor();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await take(page, "submit", scheme);
  await lookAtRecall(page, made.items[0].id);
  await take(page, "start-recall", scheme);
  await page.getByRole("button", { name: "Recall it" }).click();
  await page.getByRole("row", { name: /^heron acknowledged/ }).waitFor();
  await take(page, "recall", scheme);
  await go(page, "Recalls");
  await take(page, "recalls", scheme);
}

// What an administrator has of it, and an analyst.
const ofAdministration = (token) => async (page, scheme) => {
  await signIn(page, token);
  await go(page, "Administration");
  const parts = page.getByRole("navigation", { name: "Parts of the administration" });
  for (const part of await parts.getByRole("link").all()) {
    await part.click();
    await take(page, (await part.getAttribute("href")).split("/").at(-1), scheme);
  }
};

const browser = await launch();
for (const [number, scheme] of ["light", "dark"].entries()) {
  for (const walk of [ofMember, ofAdministration(ADMIN), ofAdministration(LAB)]) {
    const { page, check, close } = await open(browser, { dark: scheme === "dark", expected: [401, 403] });
    await page.setViewportSize({ width: 1280, height: 800 });
    await walk(page, scheme, number);
    check();
    await close();
  }
}
await browser.close();
