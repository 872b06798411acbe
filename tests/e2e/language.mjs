// The page in each of its languages.

import assert from "node:assert/strict";
import { auditAccessibility } from "./accessibility.mjs";
import { badFiles } from "./photos.mjs";
import { cards, closeClean, errorText, modelState, open, tag } from "./page.mjs";

const HANGUL = /\p{Script=Hangul}/u;
/** Two words of small letters in a row: an English sentence, and not a name. */
const ENGLISH = /[a-z]{2,} [a-z]{2,}/;

/** What is on the page follows the browser's language, the address, and the choice, in words. */
export async function speaksBothLanguages(browser, origin, goodJpeg) {
  const page = await open(browser, origin, "", { locale: "ko-KR" });
  await modelState(page, "ready");
  assert.deepEqual(await spoken(page), "ko", "as the browser");
  // Reasons are values until they are shown: those that are there already change with the language.
  const files = badFiles(goodJpeg);
  await tag(page, files.map(({ name, buffer }) => ({ name, buffer, mimeType: "image/jpeg" })));
  for (const { name, text } of await cards(page)) {
    assert.match(text, HANGUL, name);
    // A decoder's own words stand in brackets.
    assert.doesNotMatch(text.replaceAll(/\(.*\)/g, ""), ENGLISH, name);
  }
  await auditAccessibility(page, "Korean");
  await page.selectOption("[data-testid=language-select]", "en");
  assert.equal(await spoken(page), "en", "as chosen");
  for (const [index, { text }] of (await cards(page)).entries()) {
    assert.match(text, files[index].says);
    assert.doesNotMatch(text, HANGUL);
  }
  await page.reload();
  await modelState(page, "ready");
  assert.equal(await spoken(page), "en", "as chosen last time");
  await page.goto(`${origin}/?lang=ko&model=absent`);
  await modelState(page, "missing");
  assert.equal(await spoken(page), "ko", "as the address asks");
  assert.match(await errorText(page), HANGUL);
  await page.goto(`${origin}/benchmark.html`);
  await page.locator("[data-testid=bench-run]:enabled").waitFor();
  assert.equal(await spoken(page), "en");
  await closeClean(page);
}

/** The language that the page declares, which has to be that of its words. */
async function spoken(page) {
  const language = await page.getAttribute("html", "lang");
  // The list of languages names each by its own name.
  const words = await page.$$eval("h1, h2, p, button", (nodes) =>
    nodes.map(({ textContent }) => textContent).join("\n"),
  );
  assert.equal(HANGUL.test(words), language === "ko", words);
  return language;
}
