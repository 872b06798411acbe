// The picture in README.md: the page with drawings of our own. Run by hand, after the site's build:
//
//   node tests/e2e/screenshot.mjs dist docs/page.jpg

import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { hook, openReady, tag } from "./page.mjs";
import { scenes } from "./scenes.mjs";

const [site, target] = process.argv.slice(2);
const server = await serve({ "/": site });
const browser = await launch();
const page = await openReady(browser, server.origin, "", {
  viewport: { width: 1120, height: 660 },
  deviceScaleFactor: 1,
});
await tag(page, await scenes(browser));
await page.selectOption(hook("threshold-select"), "sure");
await page.screenshot({ path: target, type: "jpeg", quality: 85 });
await browser.close();
server.close();
