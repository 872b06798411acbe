// A page and a worker of two builds, of which one came from a cache.

import assert from "node:assert/strict";
import { serve } from "../browser/serve.mjs";
import { closeClean, errorText, modelState, open } from "./page.mjs";

/** Workers of other builds: one that says so, and one that speaks otherwise. */
const WORKERS = [
  'postMessage([{ Started: { engine: "wasm-simd", version: 0 } }, undefined]);',
  'postMessage("started");',
];

/** The page is loaded anew once, and then says what to do; with the right worker it goes on. */
export async function twoBuilds(browser, site) {
  for (const worker of WORKERS) {
    let old = true;
    let loads = 0;
    const cached = await serve({ "/": site }, (path) => {
      if (path === "/") loads += 1;
      return old && path.endsWith("/worker.js") ? worker : undefined;
    });
    const page = await open(browser, cached.origin, "");
    await page.waitForFunction(() => sessionStorage.getItem("tagsight.reloaded"));
    assert.equal(await modelState(page, "ready", "missing", "failed"), "failed");
    assert.match(await errorText(page), /two versions/);
    assert.equal(loads, 2, "it was loaded anew once");
    old = false;
    await page.getByRole("button", { name: "Reload" }).click();
    assert.equal(await modelState(page, "ready"), "ready");
    await closeClean(page);
    cached.close();
  }
}
