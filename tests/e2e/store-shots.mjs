// The pictures that systems show before the page is installed (static/manifest.webmanifest). Run by
// hand when the page looks otherwise, after the site's build:
//
//   node tests/e2e/store-shots.mjs dist

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { hook, openReady, tag } from "./page.mjs";
import { scenes } from "./scenes.mjs";

/** In the manifest they have these names and sizes, in the device's pixels. */
const SHOTS = {
  wide: { viewport: { width: 1280, height: 800 } },
  narrow: { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true },
};
const [site] = process.argv.slice(2);
const folder = fileURLToPath(new URL("../../static/screenshots", import.meta.url));
mkdirSync(folder, { recursive: true });
const server = await serve({ "/": site });
const browser = await launch();
const photos = await scenes(browser);
for (const [name, options] of Object.entries(SHOTS)) {
  const page = await openReady(browser, server.origin, "", options);
  await tag(page, photos);
  await page.selectOption(hook("threshold-select"), "sure");
  await page.screenshot({ path: `${folder}/${name}.jpg`, type: "jpeg", quality: 80 });
  await page.context().close();
}
await browser.close();
server.close();
