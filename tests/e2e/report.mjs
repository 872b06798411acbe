// A study's report: its tables sort by keyboard, it fits a phone, and axe finds nothing, light and dark.
//
//   report.mjs REPORT.html [SCREENSHOTS]

import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "../browser/chromium.mjs";
import { auditAccessibility } from "./accessibility.mjs";
import { SOME, check, finish } from "./check.mjs";

const [report, screenshots] = process.argv.slice(2);
const WIDTHS = [390, 1280];
const browser = await launch();

/** Opens the page as a person does who double-clicks the file; whatever it complains of is kept. */
async function open(options) {
  const page = await browser.newPage(options);
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(report).href);
  return { page, complaints };
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of WIDTHS) {
    check(`${colorScheme}, ${width} pixels wide`, async () => {
      const { page, complaints } = await open({ colorScheme, viewport: { width, height: 900 } });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} pixels wider than the screen`);
      assert.ok((await page.locator("svg.plot[role=img][aria-label]").count()) > 3, "there are plots");
      await auditAccessibility(page, `${colorScheme}, ${width}`);
      if (screenshots) {
        const path = join(screenshots, `report-${colorScheme}-${width}.png`);
        await page.screenshot({ path, fullPage: true });
      }
      assert.deepEqual(complaints, []);
      await page.close();
    });
  }
}

check("plots have the page's colours", async () => {
  const colours = [];
  for (const colorScheme of ["light", "dark"]) {
    const { page } = await open({ colorScheme });
    const filled = page.locator("svg.plot [fill^='var(--c']").first();
    colours.push(await filled.evaluate((shape) => getComputedStyle(shape).fill));
    await page.close();
  }
  assert.notEqual(colours[0], colours[1]);
  assert.ok(colours.every((colour) => /^rgb\(\d/.test(colour) && colour !== "rgb(0, 0, 0)"), `${colours}`);
});

check("a table sorts by keyboard, numbers as numbers, and back", async () => {
  const { page, complaints } = await open({});
  const table = page.locator("#matrix");
  const heads = table.locator("thead th");
  const column = (await heads.allTextContents()).findIndex((text) => text.startsWith("logits"));
  const shown = () =>
    table
      .locator(`tbody tr > :nth-child(${column + 1})`)
      .evaluateAll((cells) => cells.map(({ dataset }) => dataset.v).filter(Boolean).map(Number));
  const numbers = await shown();
  const sorted = numbers.toSorted((left, right) => left - right);
  assert.ok(numbers.length > 3);
  assert.notDeepEqual(numbers, sorted, "or there is nothing to sort");
  await heads.nth(column - 1).locator("button").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.deepEqual(await shown(), sorted);
  assert.equal(await heads.nth(column).getAttribute("aria-sort"), "ascending");
  await page.keyboard.press("Space");
  assert.deepEqual(await shown(), sorted.toReversed());
  assert.equal(await heads.nth(column).getAttribute("aria-sort"), "descending");
  assert.equal(await table.locator("[aria-sort]").count(), 1);
  assert.deepEqual(complaints, []);
  await page.close();
});

await finish(SOME, () => browser.close());
