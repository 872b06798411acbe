// Runs tests/browser/gpu in Chromium on SwiftShader, a processor that plays a graphics device.
//
//   gpu.mjs FOLDER [--thorough]   what wasm-bindgen made of it

import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

const [folder, thorough] = process.argv.slice(2);
const blank = "<!doctype html><title>Graphics devices</title>";
const server = await serve({ "/": folder }, (path) => (path === "/" ? blank : undefined));
const browser = await launch({ webgpu: "software" });
const page = await browser.newPage();
await page.goto(`${server.origin}/`);
let failed = false;
for (const [name, argument] of [["compare", false], ["compare", true], ["perturb"]]) {
  const values = [argument, thorough === "--thorough"];
  const { line, failure, millis } = await page.evaluate(run, { name, values });
  console.log(`${failure ? `failed\n${failure}` : line} (${(millis / 1000).toFixed(1)} s)`);
  failed ||= Boolean(failure);
}
await browser.close();
server.close();
process.exit(failed ? 1 : 0);

/** In the page: gives a line, or how it failed. */
async function run({ name, values }) {
  const tests = await import("/tagsight_gpu_tests.js");
  await tests.default();
  const start = performance.now();
  try {
    return { line: await tests[name](...values), millis: performance.now() - start };
  } catch (failure) {
    return { failure: String(failure), millis: performance.now() - start };
  }
}
