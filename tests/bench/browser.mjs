// Times this engine and its peers in one Chromium: `browser.mjs MODELS OURS ROUNDS` prints JSON.
//
// MODELS holds the peers' models, OURS the artifacts and this engine's two modules.

import { fileURLToPath } from "node:url";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";

const [models, ours, rounds] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const server = await serve({
  "/": here("page"),
  "/models/": models,
  "/ours/": ours,
  "/node_modules/": here("node_modules"),
});
const browser = await launch();
const results = {};
for (const model of ["resnet18", "resnet50"]) {
  // A page of its own for each, so that one model's memory does not slow the other.
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`page: ${error}`));
  await page.goto(`${server.origin}/`);
  await page.waitForFunction(() => globalThis.bench);
  results[model] = await page.evaluate(
    ([model, rounds]) => globalThis.bench(model, rounds),
    [model, Number(rounds)],
  );
  await page.close();
}
const version = browser.version();
await browser.close();
server.close();
console.log(JSON.stringify({ chromium: version, rounds: Number(rounds), results }));
