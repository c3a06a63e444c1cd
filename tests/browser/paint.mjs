// Opens one page several times in fresh browser contexts and prints each first paint in milliseconds.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");

const [file, chromiumPath, times] = process.argv.slice(2);
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
  "--disable-quic", "--no-first-run", "--disable-component-update", "--disable-sync"];

async function painted(browser) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  await page.waitForTimeout(120);
  const first = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  await context.close();
  return Math.round(first);
}

const browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
for (let i = 0; i < Number(times); i += 1) console.log(await painted(browser));
await browser.close();
