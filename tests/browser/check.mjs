// Opens every preview in Chromium, light and dark, narrow to wide, and judges what a reader gets:
// no sideways scroll, no axe-core violation, everything reachable by keyboard, a first paint in time.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(join(dirname(require.resolve("axe-core")), "axe.min.js"), "utf8");

const [folder, chromiumPath] = process.argv.slice(2);
const WIDTHS = [375, 768, 1200];
const SCHEMES = ["light", "dark"];
const FIRST_PAINT_MS = 1000;
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
  "--disable-quic", "--no-first-run", "--disable-component-update", "--disable-sync"];

const problems = [];
let opened = 0;

function pages() {
  const found = [join(folder, "index.html")];
  for (const night of readdirSync(folder)) {
    if (!statSync(join(folder, night)).isDirectory()) continue;
    found.push(join(folder, night, "index.html"), join(folder, night, "report.html"));
  }
  return found;
}

async function judge(context, file, width, scheme) {
  const where = `${file.slice(folder.length + 1)} ${width}px ${scheme}`;
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(`${where}: script error ${error.message}`));
  page.on("console", (line) => {
    if (line.type() === "error") problems.push(`${where}: ${line.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) problems.push(`${where}: asks for ${request.url()}`);
  });
  page.on("dialog", (dialog) => {
    problems.push(`${where}: a name ran as a script`);
    dialog.dismiss();
  });
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  opened += 1;
  await paint_of(page, where);
  await width_of(page, where);
  await axe_of(page, where);
  if (width === 1200 && scheme === "light") await keyboard_of(page, where);
  await page.close();
}

async function width_of(page, where) {
  const [content, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if (content > window_) problems.push(`${where}: scrolls sideways, ${content} in ${window_} px`);
}

async function paint_of(page, where) {
  let best = Infinity;
  for (let tries = 0; tries < 3; tries += 1) { // a machine that was busy for a moment is no slow page
    if (tries) await page.reload({ waitUntil: "load" });
    best = Math.min(best, await painted(page));
    if (best <= FIRST_PAINT_MS) return;
  }
  problems.push(`${where}: ${best === Infinity ? "never painted" : `first paint after ${Math.round(best)} ms`}`);
}

async function painted(page) {
  for (let looks = 0; looks < 20; looks += 1) { // the entry comes a moment after the paint
    const at = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
    if (at !== undefined) return at;
    await page.waitForTimeout(100);
  }
  return Infinity;
}

async function axe_of(page, where) {
  await page.evaluate(axe); // as an evaluation, because the page's own policy refuses foreign scripts
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  for (const found of violations) {
    problems.push(`${where}: axe ${found.id}: ${found.nodes[0].html.slice(0, 160)}`);
  }
}

async function keyboard_of(page, where) {
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, input, select")];
    return all.filter((e) => !e.disabled && e.offsetParent !== null).length;
  });
  const reached = new Set();
  for (let i = 0; i < wanted + 5; i += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return "";
      return [...document.querySelectorAll("a[href], button, input, select")].indexOf(e);
    }));
  }
  reached.delete("");
  if (reached.size < wanted) problems.push(`${where}: keyboard reaches ${reached.size} of ${wanted}`);
}

async function filter_works(context) {
  const page = await context.newPage();
  const night = readdirSync(folder).find((name) => name.endsWith("0003"));
  await page.goto(pathToFileURL(join(folder, night, "index.html")).href);
  await page.waitForTimeout(150);
  await page.fill("#find", "cobalt-rec");
  const shown = await page.locator("#rows tr").count();
  if (shown !== 1) problems.push(`filter: ${shown} rows for a name that one row bears`);
  await page.fill("#find", "");
  await page.click('[data-sort="name"]');
  const first = await page.locator('#rows tr [data-slot="name"]').first().textContent();
  const names = await page.locator('#rows tr [data-slot="name"]').allTextContents();
  const sorted = [...names].sort(new Intl.Collator("en", { numeric: true }).compare);
  if (first !== sorted[0]) problems.push(`sort: ${first} stands first, not ${sorted[0]}`);
  await page.close();
}

const browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
for (const scheme of SCHEMES) {
  for (const width of WIDTHS) {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } });
    for (const file of pages()) await judge(context, file, width, scheme);
    if (scheme === "light" && width === 1200) await filter_works(context);
    await context.close();
  }
}
await browser.close();
for (const problem of problems) console.error(problem);
console.log(`${opened} views opened, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
