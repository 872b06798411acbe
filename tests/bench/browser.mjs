// Times this engine and its peers in one Chromium, and prints JSON.
//
//   browser.mjs SITE WORK ROUNDS [threads | graphics]
//
// SITE is the built site, whose workers are timed. WORK holds the photos, and for each model the
// peers' files, this engine's artifact and `MODEL.scores.json`, the scalar engine's answer; the
// answer for the camera's photo is in `camera.scores.json`. With `threads`, it is about two of them; with
// `graphics`, about the machine's graphics device.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/chromium.mjs";
import { headersOf, serve } from "../browser/serve.mjs";

const MODELS = ["efficientnet_lite2", "resnet18", "resnet50"];
const ENGINES = {
  processor: ["Tagsight, relaxed SIMD", "Tagsight, SIMD", "LiteRT.js", "onnxruntime-web"],
  threads: ["Tagsight, 2 threads", "LiteRT.js, 2 threads", "Tagsight, relaxed SIMD"],
  graphics: [
    "Tagsight, WebGPU",
    "onnxruntime-web, WebGPU, float32",
    "onnxruntime-web, WebGPU, float16",
    "Tagsight, relaxed SIMD",
  ],
};
const [site, work, rounds, kind = "processor"] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const manifest = JSON.stringify({ models: MODELS.map(entry) });
/** Without these pages have no memory that threads share. */
const isolation = headersOf(site).filter(([name]) => name.startsWith("Cross-Origin-"));
const server = await serve(
  {
    "/": here("page"),
    "/models/": work,
    "/site/": site,
    // The models that are compared, instead of the site's own.
    "/site/models/": work,
    "/node_modules/": here("node_modules"),
  },
  (path, response) => {
    for (const [name, value] of isolation) response.setHeader(name, value);
    return path === "/site/models/manifest.json" ? manifest : undefined;
  },
);
const browser = await launch({ webgpu: kind === "graphics" && "device" });
const results = {};
let adapter, photo;
for (const model of MODELS) {
  const page = await open();
  adapter = await page.evaluate(describeAdapter);
  if (kind === "graphics") assert.ok(adapter, "this Chromium finds no graphics device");
  const names = ENGINES[kind].filter((name) => !name.endsWith("float16") || adapter?.hasFloat16);
  const times = await page.evaluate(
    ([model, names, rounds, expected]) => globalThis.bench(model, names, rounds, expected),
    [model, names, Number(rounds), scores(model)],
  );
  results[model] = summaries(times);
  await page.close();
}
if (kind === "processor") {
  const page = await open();
  const times = await page.evaluate(
    ([rounds, expected]) => globalThis.benchPhoto(rounds, expected),
    [Number(rounds), scores("camera")],
  );
  photo = summaries(times);
}
console.log(JSON.stringify({ chromium: browser.version(), adapter: adapter?.name, results, photo }));
await browser.close();
server.close();

/** A page of its own, so that one model's memory does not slow the other. */
async function open() {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`page: ${error}`));
  await page.goto(`${server.origin}/`);
  await page.waitForFunction(() => globalThis.bench && globalThis.benchPhoto);
  return page;
}

/** The scalar engine's answer. */
function scores(name) {
  return JSON.parse(readFileSync(join(work, `${name}.scores.json`), "utf8")).scores;
}

function summaries(times) {
  return Object.fromEntries(Object.entries(times).map(([name, times]) => [name, summary(times)]));
}

function summary(times) {
  const sorted = times.toSorted((left, right) => left - right);
  return { median_ms: sorted[Math.floor(sorted.length / 2)], min_ms: sorted[0] };
}

/** What the browser tells of its graphics device; null where it has none. */
async function describeAdapter() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  // A processor that plays one is not worth timing.
  if (!adapter || adapter.info.isFallbackAdapter) return null;
  const { vendor, architecture, description } = adapter.info;
  const name = description || `${vendor} ${architecture}`;
  return { name, hasFloat16: adapter.features.has("shader-f16") };
}

/** A model as the site's manifest has it. */
function entry(name) {
  const file = `${name}/model.safetensors`;
  const bytes = readFileSync(join(work, file));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { name, file, bytes: bytes.length, sha256 };
}
