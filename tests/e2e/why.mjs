// Why a photo has a tag, in Chromium, on the built site, compared with `tagsight why`.
//
//   why.mjs SITE TAGSIGHT SCREENSHOTS

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { auditAccessibility } from "./accessibility.mjs";
import { SOME, check, finish } from "./check.mjs";
import { closeClean, hook, openReady, reload, tag } from "./page.mjs";

const [site, tagsight, screenshots] = process.argv.slice(2);
const sample = readFileSync(fileURLToPath(new URL("../../static/sample.jpg", import.meta.url)));
/** On the sample photo, and what is not. */
const LABELS = ["banana", "clock", "airplane"];
const PLACES = {
  en: ["upper left", "upper middle", "upper right", "left", "centre", "right", "lower left", "lower middle", "lower right"],
  ko: ["왼쪽 위", "위쪽 가운데", "오른쪽 위", "왼쪽", "가운데", "오른쪽", "왼쪽 아래", "아래쪽 가운데", "오른쪽 아래"],
};
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const WHY = hook("why");

const browser = await launch();
const server = await serve({ "/": site });

for (const orientation of [1, 6, 3]) {
  check(`maps are those of tagsight why, stored as EXIF's ${orientation}`, (say) => asNatively(orientation, say));
}
check("a map is asked for, weakened and left by keyboard alone", byKeyboard);
check("a photo that is not at hand is named as such, and a map comes with it", withoutFile);
for (const colorScheme of ["light", "dark"]) {
  for (const language of ["en", "ko"]) {
    check(`accessible, ${colorScheme}, ${language}`, () => accessible(colorScheme, language));
  }
}
await finish(SOME, () => browser.close());

function photo(orientation) {
  return { name: `stored-${orientation}.jpg`, mimeType: "image/jpeg", buffer: stored(orientation) };
}

/** The sample photo, with an EXIF block that says how it is stored. */
function stored(orientation) {
  const entry = [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
  const tiff = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, ...entry, 0, 0, 0, 0];
  const body = [...Buffer.from("Exif\0\0", "latin1"), ...tiff];
  const segment = Buffer.from([0xff, 0xe1, 0, body.length + 2, ...body]);
  return Buffer.concat([sample.subarray(0, 2), segment, sample.subarray(2)]);
}

/** Opens a photo that has all of the labels. */
async function opened(query, options, file) {
  const page = await openReady(browser, server.origin, query, options);
  await tag(page, [file]);
  await open(page, file);
  for (const label of LABELS) {
    if (await page.locator(hook("detail-tag", `[data-label="${label}"]`)).count()) continue;
    await page.fill(hook("tag-add"), label);
    await page.press(hook("tag-add"), "Enter");
    await page.waitForSelector(hook("detail-tag", `[data-label="${label}"]`));
  }
  return page;
}

async function open(page, { name }) {
  await page.click(hook("photo-card", `[data-name="${name}"]`));
  await page.waitForSelector(hook("photo-detail"));
}

/** Asks about a label; gives what the page then knows. */
async function ask(page, label) {
  await page.click(hook("tag-why", `[data-label="${label}"]`));
  const answer = page.locator(`${WHY}[data-label="${label}"][data-state=known]`);
  await answer.waitFor();
  const { shares, columns, millis } = await answer.evaluate(({ dataset }) => ({ ...dataset }));
  return { shares: JSON.parse(shares), columns: Number(columns), millis: Number(millis), text: await answer.textContent() };
}

async function asNatively(orientation, say) {
  const file = photo(orientation);
  const path = join(screenshots, file.name);
  writeFileSync(path, file.buffer);
  const page = await opened("", {}, file);
  const maps = [];
  for (const label of LABELS) {
    const native = JSON.parse(execFileSync(tagsight, ["why", path, label, "--format", "json"]));
    const here = await ask(page, label);
    assert.deepEqual(here.shares, native.shares, `${label}: a place adds something else`);
    assert.equal(here.columns, native.columns);
    if (native.place === null) assert.match(here.text, /Nothing in this photo/);
    else assert.ok(here.text.includes(`${label}: ${native.place}.`), `${here.text}, and not ${native.place}`);
    const drawn = await lightest(page);
    if (native.place !== null) {
      const off = Math.max(...drawn.lightest.map((part, axis) => Math.abs(part - native.peak[axis])));
      assert.ok(off <= 1 / native.columns, `${label}: drawn at ${drawn.lightest}, and is at ${native.peak}`);
    }
    assert.ok(Math.abs(drawn.proportion - drawn.upright) < 0.02, `the map is ${drawn.proportion}, the photo ${drawn.upright}`);
    assert.deepEqual(drawn.map, drawn.photo, "the map lies over the photo");
    maps.push(here.shares);
    say(`${label}: ${here.millis.toFixed(0)} ms`);
  }
  // The negative control: labels differ, so they could be told apart.
  assert.notDeepEqual(maps[0], maps[1]);
  await closeClean(page);
}

/** Where the map is lightest, as parts of its sides; how it and the photo lie. */
function lightest(page) {
  return page.evaluate(async (selector) => {
    const map = document.querySelector(selector);
    await map.decode();
    const { naturalWidth: width, naturalHeight: height } = map;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(map, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const light = Array.from({ length: width * height }, (_, at) => data[4 * at] + data[4 * at + 1] + data[4 * at + 2]);
    const most = Math.max(...light);
    const [sum, count] = light.reduce(
      ([[x, y], count], value, at) =>
        value > most - 12 ? [[x + (at % width) + 0.5, y + Math.floor(at / width) + 0.5], count + 1] : [[x, y], count],
      [[0, 0], 0],
    );
    const [, sides] = document.querySelector(".facts").innerText.match(/(\d+ × \d+)/);
    const [across, down] = sides.split(" × ").map(Number);
    const box = (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      // A proportion within a box follows from the picture.
      return [x, y, width, height].map(Math.round);
    };
    const picture = document.querySelector(".picture");
    return {
      lightest: [sum[0] / count / width, sum[1] / count / height],
      proportion: width / height,
      upright: across / down,
      map: box(map),
      photo: box(picture),
    };
  }, hook("why-map"));
}

async function byKeyboard() {
  const page = await opened("", {}, photo(1));
  const button = page.locator(hook("tag-why", '[data-label="banana"]'));
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(`${WHY}[data-state=known]`);
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  const map = page.locator(hook("why-map"));
  const opacity = () => map.evaluate((element) => Number(getComputedStyle(element).opacity));
  assert.equal(await opacity(), 0.6);
  // Backwards from the tags comes what hides the photo.
  await page.locator(hook("why-opacity")).focus();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await opacity(), 0.55);
  await page.keyboard.press("Home");
  assert.equal(await opacity(), 0);
  await page.keyboard.press("End");
  assert.equal(await opacity(), 1);
  await button.focus();
  await page.keyboard.press("Space");
  await page.waitForSelector(WHY, { state: "detached" });
  assert.equal(await map.count(), 0);
  // Another tag keeps how much is hidden.
  await ask(page, "clock");
  assert.equal(await opacity(), 1);
  // An own word is no label, so nobody knows.
  await page.fill(hook("tag-add"), "Grandmother");
  await page.press(hook("tag-add"), "Enter");
  await page.waitForSelector(hook("detail-tag", "[data-label=Grandmother]"));
  assert.equal(await page.locator(hook("tag-why", "[data-label=Grandmother]")).count(), 0);
  await closeClean(page);
}

async function withoutFile() {
  const file = photo(1);
  const page = await opened("", {}, file);
  await reload(page, 1);
  await page.waitForSelector(hook("model-status", "[data-state=ready]"), { state: "attached" });
  await open(page, file);
  await page.click(hook("tag-why", '[data-label="banana"]'));
  const answer = page.locator(`${WHY}[data-state=no-file]`).filter({ hasText: "not at hand" });
  await answer.waitFor();
  await auditAccessibility(page, "a photo that is not at hand");
  assert.equal(await page.locator(hook("why-map")).count(), 0);
  await page.click(hook("detail-close"));
  await page.waitForSelector(hook("photo-detail"), { state: "detached" });
  await tag(page, [file]);
  await open(page, file);
  await ask(page, "banana");
  await closeClean(page);
}

async function accessible(colorScheme, language) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const page = await opened(`?lang=${language}`, { viewport, colorScheme }, photo(6));
    const { shares, columns, text } = await ask(page, "banana");
    const peak = shares.indexOf(Math.max(...shares));
    const third = (part) => Math.floor(((part + 0.5) / columns) * 3);
    const place = third(Math.floor(peak / columns)) * 3 + third(peak % columns);
    assert.ok(text.includes(PLACES[language][place]), text);
    await auditAccessibility(page, `why, ${size}, ${language}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${size}: ${overflow} pixels wider than the screen`);
    await page.screenshot({ path: join(screenshots, `why-${size}-${language}-${colorScheme}.png`) });
    await page.context().close();
  }
}
