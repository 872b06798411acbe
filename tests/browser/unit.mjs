// Runs Rust test binaries that were built for wasm32-unknown-unknown in Chromium.
//
//   unit.mjs [--must-fail] FILE.wasm…
//
// Such a binary needs nothing from its host: `main` runs every test and traps when one fails, with
// the test's name on the stack. `--must-fail` is the negative control: one test is made to fail, by a
// text in the module that it looks at (`tests/src/lib.rs`).

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

const mustFail = process.argv[2] === "--must-fail";
const files = process.argv.slice(mustFail ? 3 : 2);
const blank = "<!doctype html><title>Tests</title>";
const server = await serve({}, (path) =>
  path === "/" ? blank : files[path.slice(1)] && moduleBytes(files[path.slice(1)]),
);
const browser = await launch();
let wrong = files.length === 0;
for (const [index, file] of files.entries()) {
  const page = await browser.newPage();
  await page.goto(`${server.origin}/`);
  const { failure, millis } = await page.evaluate(run, `/${index}`);
  await page.close();
  const outcome = failure ? `failed\n${failure}` : "ok";
  console.log(`${basename(file)}: ${outcome} (${(millis / 1000).toFixed(1)} s)`);
  wrong ||= Boolean(failure) !== mustFail;
}
await browser.close();
server.close();
if (wrong) console.error(mustFail ? "a run that had to fail passed" : "tests failed in Chromium");
process.exit(wrong ? 1 : 0);

function moduleBytes(file) {
  const bytes = readFileSync(file);
  if (!mustFail) return bytes;
  const text = "tagsight negative control off";
  const place = bytes.indexOf(text);
  if (place < 0 || bytes.indexOf(text, place + 1) >= 0) throw new Error(`${file} has no control`);
  bytes.write("on!", place + text.length - 3);
  return bytes;
}

/** In the page: gives how the run failed, if it did. */
async function run(url) {
  // Enough to reach the test below the panic machinery.
  Error.stackTraceLimit = 40;
  const bytes = await (await fetch(url)).arrayBuffer();
  const { instance } = await WebAssembly.instantiate(bytes);
  const start = performance.now();
  let failure = null;
  try {
    const code = instance.exports.main(0, 0);
    if (code !== 0) failure = `exit code ${code}`;
  } catch (error) {
    failure = error.stack;
  }
  return { failure, millis: performance.now() - start };
}
