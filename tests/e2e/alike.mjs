// Photos that look alike, in Chromium, on the built site, compared with `tagsight duplicates`.
//
//   alike.mjs SITE TAGSIGHT SCREENSHOTS

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { auditAccessibility } from "./accessibility.mjs";
import { SOME, check, finish } from "./check.mjs";
import { cards, closeClean, hook, openReady, reload, tag } from "./page.mjs";

const [site, tagsight, screenshots] = process.argv.slice(2);
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

const browser = await launch();
const server = await serve({ "/": site });
/** Smaller ones, worse ones, and pictures of which there is one. */
const [first, second, third, fourth] = [1, 2, 3, 4].map((seed) => ({ seed, name: `${seed}.jpg` }));
const photos = [];
for (const { seed, name, width = 800, quality = 0.9 } of [
  first,
  second,
  { seed: 1, name: "sent-around.jpg", width: 400, quality: 0.5 },
  third,
  { seed: 2, name: "smaller.jpg", width: 320, quality: 0.8 },
  { seed: 1, name: "again.jpg", width: 640, quality: 0.7 },
  fourth,
]) {
  photos.push({ name, mimeType: "image/jpeg", buffer: await painted(seed, width, quality) });
}

check("groups are those of tagsight duplicates, and the same picture is one photo", asNatively);
check("all but one of a group are chosen, deleted and brought back by keyboard alone", byKeyboard);
check("a library of an earlier build is compared once its photos are seen again", earlierBuild);
for (const colorScheme of ["light", "dark"]) {
  for (const language of ["en", "ko"]) {
    check(`accessible, ${colorScheme}, ${language}`, () => accessible(colorScheme, language));
  }
}
await finish(SOME, () => browser.close());

/** A picture of soft spots, which follow from its number. Drawings of ours have even grounds, of which noise
 * says where they get lighter. */
async function painted(seed, width, quality) {
  const page = await browser.newPage();
  const jpeg = await page.evaluate(
    async ([seed, width, quality]) => {
      let state = seed * 7919;
      const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
      const small = new OffscreenCanvas(9, 8);
      const spots = small.getContext("2d");
      for (let at = 0; at < 72; at += 1) {
        spots.fillStyle = `rgb(${[0, 1, 2].map(() => Math.floor(256 * random())).join()})`;
        spots.fillRect(at % 9, Math.floor(at / 9), 1, 1);
      }
      const canvas = new OffscreenCanvas(width, (width * 3) / 4);
      const context = canvas.getContext("2d");
      context.imageSmoothingQuality = "high";
      context.drawImage(small, 0, 0, canvas.width, canvas.height);
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
      return Array.from(new Uint8Array(await blob.arrayBuffer()));
    },
    [seed, width, quality],
  );
  await page.close();
  return Buffer.from(jpeg);
}

async function tagged(query = "", options = {}) {
  const page = await openReady(browser, server.origin, query, options);
  await tag(page, photos);
  return page;
}

async function compare(page) {
  await page.click(hook("compare"));
  await page.waitForSelector(hook("alike"));
}

/** Names by groups. */
function groups(page) {
  return page.$$eval(hook("alike-group"), (groups) =>
    groups.map((group) => [...group.querySelectorAll("[data-testid=alike-choose]")].map(({ dataset }) => dataset.name)),
  );
}

async function asNatively() {
  const folder = mkdtempSync(join(tmpdir(), "tagsight-alike-"));
  for (const { name, buffer } of photos) writeFileSync(join(folder, name), buffer);
  const lines = execFileSync(tagsight, ["duplicates", "--format", "json", folder], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const native = lines.trim().split("\n").map((line) => JSON.parse(line).photos.map(({ photo }) => basename(photo)));
  const page = await tagged();
  // The same coded picture with other bytes behind it.
  await tag(page, [{ ...photos[3], name: "same.jpg", buffer: Buffer.concat([photos[3].buffer, Buffer.from("more")]) }]);
  assert.equal((await cards(page)).length, photos.length);
  await compare(page);
  const found = await groups(page);
  const inOrder = (groups) => groups.map((group) => group.toSorted()).toSorted();
  assert.deepEqual(inOrder(found), inOrder(native));
  assert.deepEqual(inOrder(found), [[first.name, "again.jpg", "sent-around.jpg"].toSorted(), [second.name, "smaller.jpg"].toSorted()].toSorted());
  const firsts = (groups) => groups.map(([name]) => name).toSorted();
  assert.deepEqual(firsts(found), firsts(native), "the largest file is first");
  // Among what is shown alone.
  await page.click(hook("alike-close"));
  await page.fill(hook("search-input"), second.name);
  await compare(page);
  assert.deepEqual(await groups(page), []);
  await closeClean(page);
}

async function byKeyboard() {
  const page = await tagged();
  await page.locator(hook("compare")).focus();
  await page.keyboard.press("Enter");
  const group = page.locator(hook("alike-group")).filter({ hasText: "3 photos" });
  await group.locator(hook("alike-others")).focus();
  await page.keyboard.press("Enter");
  const chosen = () => page.$$eval(`${hook("alike-choose")}:checked`, (boxes) => boxes.map(({ dataset }) => dataset.name));
  assert.deepEqual((await chosen()).toSorted(), ["again.jpg", "sent-around.jpg"]);
  // One is wanted after all.
  await page.locator(hook("alike-choose", "[data-name='again.jpg']")).focus();
  await page.keyboard.press("Space");
  assert.deepEqual(await chosen(), ["sent-around.jpg"]);
  assert.equal((await cards(page)).length, photos.length, "nothing is removed by itself");
  await page.keyboard.press("Escape");
  await page.waitForSelector(hook("alike"), { state: "detached" });
  const before = await cards(page);
  await page.locator(hook("selection-delete")).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(hook("photo-card", "[data-name='sent-around.jpg']"), { state: "detached" });
  await page.keyboard.press("Control+z");
  await page.waitForSelector(hook("photo-card", "[data-name='sent-around.jpg']"));
  assert.deepEqual(await cards(page), before);
  await closeClean(page);
}

async function earlierBuild() {
  const page = await tagged();
  await page.evaluate(forgetLooks);
  await reload(page, photos.length);
  await compare(page);
  assert.deepEqual(await groups(page), []);
  await page.locator(hook("alike")).filter({ hasText: `${photos.length} photos were tagged by an earlier version` }).waitFor();
  await page.click(hook("alike-close"));
  await page.waitForSelector(hook("model-status", "[data-state=ready]"), { state: "attached" });
  await tag(page, photos);
  await compare(page);
  assert.equal((await groups(page)).length, 2);
  await page.click(hook("alike-close"));
  await reload(page, photos.length);
  await compare(page);
  assert.equal((await groups(page)).length, 2, "what they look like is kept");
  await closeClean(page);
}

/** Leaves the records as a build wrote them that knew no hashes. */
async function forgetLooks() {
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await answer(indexedDB.open("tagsight"));
  const store = database.transaction("photos", "readwrite").objectStore("photos");
  const keys = await answer(store.getAllKeys());
  for (const key of keys) {
    const record = await answer(store.get(key));
    if (!/^[0-9a-f]{16}$/.test(record.hash)) throw new Error(`this is no hash: ${record.hash}`);
    delete record.hash;
    await answer(store.keyPath ? store.put(record) : store.put(record, key));
  }
  database.close();
}

async function accessible(colorScheme, language) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const page = await tagged(`?lang=${language}`, { viewport, colorScheme });
    await compare(page);
    await page.locator(hook("alike-others")).first().click();
    await page.waitForFunction(
      (pictures) => [...document.querySelectorAll(pictures)].every(({ naturalWidth }) => naturalWidth > 0),
      `${hook("alike")} img`,
    );
    await auditAccessibility(page, `alike, ${size}, ${language}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${size}: ${overflow} pixels wider than the screen`);
    await page.screenshot({ path: join(screenshots, `alike-${size}-${language}-${colorScheme}.png`) });
    await page.context().close();
  }
}
