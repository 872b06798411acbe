// The picture in README.md: the page with drawings of our own. Run by hand, after the site's build:
//
//   node tests/e2e/screenshot.mjs dist docs/page.jpg

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { modelState, open, tag } from "./page.mjs";

const [site, target] = process.argv.slice(2);
const SCENES = ["stop-sign", "clock"];
const server = await serve({ "/": site });
const browser = await launch();
const photos = [];
for (const name of SCENES) photos.push({ name: `${name}.jpg`, ...(await drawn(name)) });
const page = await open(browser, server.origin, "", {
  viewport: { width: 700, height: 520 },
  deviceScaleFactor: 1.5,
});
await modelState(page, "ready");
await tag(page, photos);
await page.screenshot({ path: target, type: "jpeg", quality: 85 });
await browser.close();
server.close();

/** A scene of `fixtures/scenes` as a JPEG. */
async function drawn(name) {
  const path = fileURLToPath(new URL(`../fixtures/scenes/${name}.svg`, import.meta.url));
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  await page.setContent(`<style>* { margin: 0 }</style>${readFileSync(path, "utf8")}`);
  const buffer = await page.screenshot({ type: "jpeg", quality: 90 });
  await page.close();
  return { buffer, mimeType: "image/jpeg" };
}
