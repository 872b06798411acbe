// A first look at the page, for daily work: it tags a few photos as the command line does, with
// either worker.
//
//   smoke.mjs SITE EXPECTED.jsonl

import assert from "node:assert/strict";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { SOME, check, finish } from "./check.mjs";
import { readLines } from "./models.mjs";
import { closeClean, engine, openReady, tagRight } from "./page.mjs";

const [site, expectedFile] = process.argv.slice(2);
const expected = readLines(expectedFile);
const browser = await launch();
const server = await serve({ "/": site });

for (const name of ["wasm-simd", "wasm-relaxed"]) {
  check(`${name}: ${expected.length} photos get the scores that trainer tag gives`, async () => {
    const page = await openReady(browser, server.origin, `?engine=${name}`);
    assert.equal(await engine(page), name);
    await tagRight(page, expected);
    await closeClean(page);
  });
}
await finish(SOME, () => browser.close());
