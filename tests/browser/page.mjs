// Runs the page's own tests that need a browser, in Chromium: all that web/src/platform exports
// where it is built as a test.
//
//   page.mjs FOLDER   what wasm-bindgen made of it

import { readFileSync } from "node:fs";
import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

const [folder] = process.argv.slice(2);
const blank = "<!doctype html><title>Tests of the page</title>";
// Scripts that the module imports.
const SCRIPTS = ["/dropped.js", "/plain.js"];
const server = await serve({ "/": folder }, (path) => {
  if (SCRIPTS.includes(path)) return readFileSync(new URL(`../../static${path}`, import.meta.url));
  return path === "/" ? blank : undefined;
});
const browser = await launch();
const names = await inPage(async () => {
  const tests = await import("/tagsight_web_tests.js");
  // Runs the tests that need no browser, as `main`.
  await tests.default();
  return Object.keys(tests).filter((name) => name.includes("_"));
});
if (names.failure) throw new Error(names.failure);
let failed = names.value.length === 0;
for (const name of names.value) {
  const { value, failure, millis } = await inPage(async (name) => {
    const tests = await import("/tagsight_web_tests.js");
    await tests.default();
    tests.reportPanics();
    return tests[name]();
  }, name);
  console.log(`${name}: ${failure ? `failed\n${failure}` : value} (${(millis / 1000).toFixed(1)} s)`);
  failed ||= Boolean(failure);
}
await browser.close();
server.close();
process.exit(failed ? 1 : 0);

/** Gives what `work` gave in a page of its own, or how it failed; a panic is an error of the page. */
async function inPage(work, argument) {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await page.goto(`${server.origin}/`);
  const devtools = await page.context().newCDPSession(page);
  await page.exposeFunction("setQuota", (quotaSize) =>
    devtools.send("Storage.overrideQuotaForOrigin", { origin: server.origin, quotaSize }),
  );
  const start = performance.now();
  const panicked = new Promise((_, reject) => page.on("pageerror", reject));
  try {
    const value = await Promise.race([page.evaluate(work, argument), panicked]);
    return { value, millis: performance.now() - start };
  } catch (failure) {
    return { failure: [...said, failure.stack].join("\n"), millis: performance.now() - start };
  } finally {
    await page.close();
  }
}
