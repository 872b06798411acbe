// Times this engine and its peers in one Chromium, and prints JSON.
//
//   browser.mjs SITE WORK ROUNDS
//
// SITE is the built site, whose workers are timed. WORK holds the photo, and for each model the
// peers' files, this engine's artifact and `MODEL.scores.json`, the scalar engine's answer.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";

const MODELS = ["resnet18", "resnet50"];
const [site, work, rounds] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const manifest = JSON.stringify({ models: MODELS.map(entry) });
const server = await serve(
  {
    "/": here("page"),
    "/gpu/": join(site, "gpu"),
    "/models/": work,
    "/node_modules/": here("node_modules"),
    "/worker-relaxed/": join(site, "worker-relaxed"),
    "/worker-simd/": join(site, "worker-simd"),
  },
  (path) => (path === "/models/manifest.json" ? manifest : undefined),
);
const browser = await launch();
const results = {};
for (const model of MODELS) {
  // A page of its own for each, so that one model's memory does not slow the other.
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`page: ${error}`));
  await page.goto(`${server.origin}/`);
  await page.waitForFunction(() => globalThis.bench);
  const expected = JSON.parse(readFileSync(join(work, `${model}.scores.json`), "utf8")).scores;
  results[model] = await page.evaluate(
    ([model, rounds, expected]) => globalThis.bench(model, rounds, expected),
    [model, Number(rounds), expected],
  );
  await page.close();
}
console.log(JSON.stringify({ chromium: browser.version(), results }));
await browser.close();
server.close();

/** A model as the site's manifest has it. */
function entry(name) {
  const file = `${name}/model.safetensors`;
  const bytes = readFileSync(join(work, file));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { name, file, bytes: bytes.length, sha256 };
}
