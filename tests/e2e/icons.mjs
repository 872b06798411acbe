// The icons of the installed page, drawn by Chromium from static/icon.svg. Run by hand when that
// changes:
//
//   node tests/e2e/icons.mjs

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/chromium.mjs";

const at = (path) => fileURLToPath(new URL(`../../static/${path}`, import.meta.url));
const drawing = readFileSync(at("icon.svg"), "utf8");
/**
 * Systems cut maskable icons as they like, but for a circle of 0.40 of the side, in which the figure
 * has to be; Apple's rounds the corners itself.
 */
const ICONS = [
  { name: "icon-192", side: 192, drawing },
  { name: "icon-512", side: 512, drawing },
  { name: "maskable-512", side: 512, drawing: filled(drawing, 0.85) },
  { name: "apple-touch-180", side: 180, drawing: filled(drawing, 1) },
];

mkdirSync(at("icons"), { recursive: true });
const browser = await launch();
for (const { name, side, drawing } of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  const style = "* { margin: 0 } svg { display: block; width: 100vw; height: 100vh }";
  await page.setContent(`<style>${style}</style>${drawing}`);
  writeFileSync(at(`icons/${name}.png`), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();

/** The drawing without round corners, its figure at `scale` of its size in the middle. */
function filled(drawing, scale) {
  const [, open, ground, figure] = drawing.match(/^(<svg[^>]*>)\s*(<rect[^>]*>)([^]*)<\/svg>/);
  const move = 12 * (1 - scale);
  const square = ground.replace(/ rx="\d+"/, "");
  return `${open}${square}<g transform="translate(${move} ${move}) scale(${scale})">${figure}</g></svg>`;
}
