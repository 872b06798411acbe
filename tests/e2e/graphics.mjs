// The graphics processor in Chromium: SwiftShader, which is a processor that plays one, so that
// what it computes can be compared anywhere. It is slow; few photos are enough, and most checks have
// a model for small images.
//
//   graphics.mjs SITE EXPECTED.jsonl SMALL
//
// EXPECTED is what `trainer tag --json` wrote about photos with the default model; SMALL holds the
// other model and its `expected.jsonl`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { auditAccessibility } from "./accessibility.mjs";
import { check, finish } from "./check.mjs";
import { withFault } from "./faults.mjs";
import { listing, readLines } from "./models.mjs";
import {
  chooseEngine,
  chosenEngine,
  closeClean,
  engine,
  modelState,
  notice,
  open,
  openReady,
  tagRight,
  waitForEngine,
  why,
} from "./page.mjs";

const [site, expectedFile, small] = process.argv.slice(2);
const ofShipped = readLines(expectedFile).slice(0, 2);
const ofSmall = readLines(join(small, "expected.jsonl")).slice(0, 2);
const photos = ofSmall.map(({ photo }) => photo);
const listed = JSON.stringify({ models: [{ ...listing(small, "small"), default: true }] });
const GPU = "?engine=webgpu";
const bootstraps = new Map(
  ["simd", "relaxed"].map((build) => {
    const path = `/worker-${build}/worker.js`;
    return [path, readFileSync(join(site, path), "utf8")];
  }),
);

inBrowser("webgpu: photos get the scores that trainer tag gives", sameScores, ofShipped);
inBrowser("without a packed dot product, too", withoutPackedDot);
inBrowser("a software device is used only on demand", softwareOnDemand);
inBrowser("a slower device is not used unasked", slowerDevice);
inBrowser("a faster device is used unasked", fasterDevice);
inBrowser("kernels are measured, and remembered by the device", kernelsAreMeasured);
inBrowser("kernels that are fast and wrong are not remembered", wrongKernels);
inBrowser("a device that is lost while it is measured is replaced", lostInMeasuring);
inBrowser("for photos nothing is made on the device", nothingIsMade);
inBrowser("a device that is lost once is replaced", (stage) =>
  falls(stage, "a device that is lost once", /is back/, "webgpu"),
);
inBrowser("devices that are lost again and again: the processor answers", lostForGood);
for (const [name, says] of [
  ["a wrong result", /differ/],
  ["results that become nothing", /no usable result/],
  ["no memory for the network", /too little memory/],
  ["no memory in the midst of it", /too little memory/],
  ["a device that refuses", /refused/],
  ["a device that does not answer in time", /did not answer/],
  ["an engine that crashes", /stopped while it used the graphics processor/],
]) {
  inBrowser(`${name}: the processor answers`, (stage) => falls(stage, name, says));
}
inBrowser("no device: the processor answers", noDevice);
inBrowser("a browser that is too old: the processor answers", oldBrowser);
inBrowser("a device that took the page down is left alone until it is asked for", quarantine);
inBrowser("the choice is remembered", choiceIsRemembered);
inBrowser("the benchmark times the graphics processor", benchmark);
inBrowser("accessible with a message", accessible);
// The page measures devices and kernels by the clock.
await finish(1);

/**
 * A check on a stage of its own: a browser, which gives up after its graphics process died a few
 * times, and a site with a `fault` in its workers. `expected` is compared with.
 */
function inBrowser(what, run, expected = ofSmall) {
  check(what, async () => {
    const stage = { fault: "none", expected };
    const server = await serve({ "/": site, "/models/small/": small }, (path) => {
      if (bootstraps.has(path)) return withFault(stage.fault, bootstraps.get(path));
      if (path === "/models/manifest.json" && expected === ofSmall) return listed;
    });
    stage.origin = server.origin;
    stage.browser = await launch({ webgpu: "software" });
    try {
      await run(stage);
    } finally {
      await stage.browser.close();
      server.close();
    }
  });
}

/** A page that is ready, with the fault of that name. */
function ready(stage, query, name = "none", context = {}) {
  stage.fault = name;
  return openReady(stage.browser, stage.origin, query, context);
}

/** Tags the photos and compares; gives what tagged each. */
async function enginesThatTagRight(stage, page) {
  return (await tagRight(page, stage.expected)).map((card) => card.engine);
}

async function sameScores(stage) {
  const page = await ready(stage, GPU);
  assert.equal(await engine(page), "webgpu");
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "webgpu"));
  assert.equal(await notice(page), null);
  await closeClean(page);
}

async function withoutPackedDot(stage) {
  const page = await ready(stage, GPU, "no packed dot product");
  assert.equal(await engine(page), "webgpu", await notice(page));
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "webgpu"));
  await closeClean(page);
}

async function softwareOnDemand(stage) {
  const page = await ready(stage, "");
  assert.match(await why(page), /the processor itself/);
  assert.equal(await engine(page), "wasm-relaxed");
  assert.equal(await notice(page), null, "nobody asked");
  await closeClean(page);
}

async function slowerDevice(stage) {
  const page = await ready(stage, "", "a device that hides what it is");
  assert.match(await why(page), /takes \d+ ms for a photo, the processor \d+ ms/);
  assert.equal(await engine(page), "wasm-relaxed");
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "wasm-relaxed"));
  await closeClean(page);
}

async function fasterDevice(stage) {
  const page = await ready(stage, "", "a device that seems faster than the processor");
  await waitForEngine(page, "webgpu");
  assert.match(await why(page), /takes [\d.]+ ms for a photo, the processor \d{5,}/);
  assert.equal(await notice(page), null, "nothing failed");
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "webgpu"));
  await closeClean(page);
}

/** The first visit measures; what it found, and nothing else, changes the network's first kernel. */
async function kernelsAreMeasured(stage) {
  stage.fault = "a device that shows its work";
  const page = await open(stage.browser, stage.origin, "?engine=wasm-simd");
  const firstKernel = async () => {
    const shown = page.waitForEvent("console", (message) => message.text().startsWith("workgroups"));
    await page.goto(`${stage.origin}/${GPU}`);
    return (await shown).text();
  };
  const guessed = await firstKernel();
  assert.equal(await modelState(page, "ready", "failed"), "ready");
  const isTried = () => localStorage.getItem("tagsight.gpu-trial") !== null;
  assert.ok(await page.evaluate(isTried), "while kernels are measured, too");
  const measured = await remembered(page);
  assert.match(measured, /^(\d+x\d+(\/\d)? \d+x\d+x\d+ k.*\n)+$/);
  await settled(page);
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "webgpu"));

  await remember(stage, page, measured.replaceAll(/^\S+/gm, "64x32"));
  assert.notEqual(await firstKernel(), guessed);
  assert.equal(await modelState(page, "ready", "failed"), "ready");
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "webgpu"));

  await remember(stage, page, "?");
  assert.equal(await firstKernel(), guessed);
  await closeClean(page);
}

/** The guessed kernels go on. */
async function wrongKernels(stage) {
  const page = await ready(stage, GPU, "a device on which further kernels do nothing");
  await settled(page);
  assert.equal(await engine(page), "webgpu");
  assert.equal(await notice(page), null);
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "webgpu"));
  assert.equal(await page.evaluate(rememberedFiles), 0);
  await closeClean(page);
}

async function lostInMeasuring(stage) {
  const page = await ready(stage, GPU, "a device that is lost while it is measured");
  await page.locator("[data-testid=notice]").filter({ hasText: "is back" }).waitFor();
  await settled(page);
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "webgpu"));
  await closeClean(page);
}

/** Waits until nothing is tried on the graphics processor any more. */
function settled(page) {
  return page.waitForFunction(() => localStorage.getItem("tagsight.gpu-trial") === null);
}

/** Runs in the page. */
async function rememberedFiles() {
  const cache = await caches.open("tagsight-tiles");
  return (await cache.keys()).length;
}

/** What was measured on the device, as soon as it is there. */
function remembered(page) {
  return page.evaluate(async () => {
    const cache = await caches.open("tagsight-tiles");
    for (let tries = 0; tries < 600; tries += 1) {
      const [file] = await cache.keys();
      const text = file && (await (await cache.match(file)).text());
      if (text) return text;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error("nothing was remembered within two minutes");
  });
}

/** Remembers something else instead, for the next visit. */
async function remember(stage, page, text) {
  // Nothing is measured there.
  await page.goto(`${stage.origin}/?engine=wasm-simd`);
  await page.evaluate(async (text) => {
    const cache = await caches.open("tagsight-tiles");
    const [file] = await cache.keys();
    await cache.put(file, new Response(text));
  }, text);
}

async function nothingIsMade(stage) {
  const page = await ready(stage, GPU, "a device on which nothing can be made any more");
  for (let time = 1; time <= 2; time += 1) {
    assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "webgpu"));
  }
  assert.equal(await notice(page), null);
  await closeClean(page);
}

/** However the device fails, every photo is tagged right, and the user is told. */
async function falls(stage, name, says, ends = "wasm-relaxed") {
  const page = await ready(stage, GPU, name);
  const engines = await enginesThatTagRight(stage, page);
  assert.ok(engines.includes("wasm-relaxed"), engines.join());
  await waitForEngine(page, ends);
  assert.match(await notice(page), says);
  await page.context().close();
}

async function lostForGood(stage) {
  const page = await ready(stage, GPU, "devices that are lost again and again");
  await enginesThatTagRight(stage, page);
  await waitForEngine(page, "webgpu");
  const engines = await enginesThatTagRight(stage, page);
  assert.equal(engines.at(-1), "wasm-relaxed");
  assert.equal(await engine(page), "wasm-relaxed");
  assert.match(await notice(page), /went away.*tags instead/);
  await page.context().close();
}

async function noDevice(stage) {
  const plain = await launch();
  for (const query of [GPU, ""]) {
    const page = await open(plain, stage.origin, query);
    assert.equal(await modelState(page, "ready", "failed", "missing"), "ready");
    assert.match(await why(page), /offers no graphics processor/);
    const told = await notice(page);
    assert.equal(told !== null, query === GPU, told ?? "nothing said");
    assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "wasm-relaxed"));
    await closeClean(page);
  }
  await plain.close();
}

async function oldBrowser(stage) {
  const page = await ready(stage, GPU, "a browser that does not say what its devices are");
  assert.match(await notice(page), /offers no graphics processor/);
  assert.deepEqual(await enginesThatTagRight(stage, page), photos.map(() => "wasm-relaxed"));
  await closeClean(page);
}

async function quarantine(stage) {
  stage.fault = "a device that never answers";
  const page = await open(stage.browser, stage.origin, GPU);
  const context = page.context();
  const marked = () => page.waitForFunction(() => localStorage.getItem("tagsight.gpu-trial"));
  await marked();
  await page.goto(`${stage.origin}/?engine=wasm-simd`);
  assert.equal(await page.evaluate(() => localStorage.getItem("tagsight.gpu-trial")), null);
  await page.goto(`${stage.origin}/${GPU}`);
  await marked();
  const crashed = page.waitForEvent("crash");
  const debuggerSession = await context.newCDPSession(page);
  debuggerSession.send("Page.crash").catch(() => {});
  await crashed;

  stage.fault = "none";
  const next = await context.newPage();
  next.setDefaultTimeout(120_000);
  await next.goto(`${stage.origin}/`);
  await modelState(next, "ready");
  assert.match(await notice(next), /Last time this page ended/);
  assert.equal(await engine(next), "wasm-relaxed");
  await chooseEngine(next, "graphics");
  await waitForEngine(next, "webgpu");
  assert.equal(await notice(next), null);
  await modelState(next, "ready");
  await enginesThatTagRight(stage, next);
  assert.equal(await next.evaluate(() => localStorage.getItem("tagsight.gpu-trial")), null);
  await context.close();
}

async function choiceIsRemembered(stage) {
  const page = await ready(stage, "?engine=wasm-simd");
  const chosen = () => chosenEngine(page);
  assert.equal(await chosen(), "processor");
  await page.goto(`${stage.origin}/`);
  await modelState(page, "ready");
  assert.equal(await chosen(), "automatic", "the address is for one visit");
  await chooseEngine(page, "processor");
  assert.equal(await modelState(page, "ready", "failed"), "ready");
  await page.reload();
  await modelState(page, "ready");
  assert.equal(await chosen(), "processor");
  assert.equal(await engine(page), "wasm-relaxed");
  await closeClean(page);
}

async function benchmark(stage) {
  stage.fault = "none";
  const query = "benchmark.html?engine=webgpu&auto=1&runs=2";
  const page = await open(stage.browser, stage.origin, query);
  const result = JSON.parse(await page.locator("[data-testid=bench-json]").textContent());
  assert.equal(result.engine, "webgpu");
  assert.equal(result.runs, 2);
  for (const field of ["load_ms", "first_ms", "median_ms", "min_ms", "photo_median_ms"]) {
    assert.ok(result[field] > 0, field);
  }
  await closeClean(page);
}

async function accessible(stage) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await ready(stage, GPU, "a wrong result", { colorScheme });
    assert.match(await notice(page), /cannot be used/);
    await auditAccessibility(page, `a message, ${colorScheme}`);
    await page.context().close();
  }
}
