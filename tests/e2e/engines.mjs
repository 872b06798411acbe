// The page in a browser with another engine than Chromium's: it tags as the command line does, keeps
// what was corrected, and comes back without the server.
//
//   engines.mjs SITE EXPECTED.jsonl firefox|webkit
//
// EXPECTED is what `trainer tag --json` wrote about the photos to use, with the default model; the
// first has a tag to remove.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { ENTER, until } from "../browser/driven.mjs";
import { launchFirefox } from "../browser/firefox.mjs";
import { launchWebKit } from "../browser/webkit.mjs";
import { check, finish } from "./check.mjs";
import { readLines } from "./models.mjs";
import { cards, engine, hook, modelState, reload, tagRight } from "./page.mjs";
import { noted, serveWatched } from "./watched.mjs";

const LAUNCH = { firefox: launchFirefox, webkit: launchWebKit };
const OWN_TAG = "Grandmother";

const [site, expectedFile, name] = process.argv.slice(2);
const expected = readLines(expectedFile);
const server = await serveWatched(site);
const page = await LAUNCH[name]();

check(`${page.version}: ${expected.length} photos get the scores that trainer tag gives`, tagsRight);
check(`${page.version}: corrections are there after a reload, without the server`, keepsCorrections);
check(`${page.version}: nothing to complain about, and complaints are heard`, complains);
// Each goes on where the one before ended.
await finish(1, () => page.close());

async function tagsRight(say) {
  await page.goto(`${server.origin}/`);
  assert.equal(await modelState(page, "ready", "failed", "missing"), "ready");
  await tagRight(page, expected);
  say(`by ${await engine(page)}`);
  await page.waitForFunction(areDrawn, [hook("photo-card", " img"), expected.length]);
}

function areDrawn([selector, count]) {
  const pictures = [...document.querySelectorAll(selector)];
  return pictures.length === count && pictures.every(({ naturalWidth }) => naturalWidth > 0);
}

async function keepsCorrections() {
  const before = await cards(page);
  const [{ photo, tags }] = expected;
  const wrong = tags[0].label;
  await page.click(hook("photo-card", `[data-name="${basename(photo)}"]`));
  await page.waitForSelector(hook("tag-remove"));
  await page.click(hook("tag-remove", `[data-label="${wrong}"]`));
  await page.waitForSelector(hook("detail-tag", `[data-label="${wrong}"]`), { state: "detached" });
  await page.type(hook("tag-add"), `${OWN_TAG}${ENTER}`);
  await page.waitForSelector(hook("detail-tag", `[data-label=${OWN_TAG}]`));
  await page.click(hook("detail-close"));
  await page.waitForSelector(hook("photo-detail"), { state: "detached" });

  const { [wrong]: _, ...right } = labels(before, photo);
  const corrected = await cards(page);
  assert.deepEqual(labels(corrected, photo), { ...right, [OWN_TAG]: "user" });
  await page.waitForSelector(hook("offline-status", "[data-state=ready]"));
  server.close();
  await reload(page, expected.length);
  assert.deepEqual(await cards(page), corrected, "scores, tags, model and engine");
  assert.equal(await modelState(page, "ready", "failed", "missing"), "ready");
}

/** A photo's tags, and where each is from. */
function labels(cards, photo) {
  const { tags } = cards.find(({ name }) => name === basename(photo));
  return Object.fromEntries(tags.map(({ label, source }) => [label, source]));
}

async function complains() {
  for (const heard of await complaints()) assert.deepEqual(heard, []);
  await page.evaluate(() => {
    console.error("on the console");
    Promise.reject(new Error("of a promise"));
    setTimeout(() => {
      throw new Error("of a script");
    });
    document.body.setAttribute("style", "color: red");
  });
  for (const what of ["on the console", "of a promise", "of a script", "style-src"]) {
    const isHeard = (heard) => heard.some((complaint) => complaint.includes(what));
    await until(async () => (await complaints()).every(isHeard), `a complaint ${what}`);
  }
}

/** By the driver, if that tells, and by the page. */
async function complaints() {
  return [page.complaints, await noted(page)].filter(Boolean);
}
