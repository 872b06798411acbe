// Pictures of our own for screenshots: drawings of `fixtures/scenes`, as photos.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SCENES = [
  "stop-sign",
  "clock",
  "kitchen",
  "sailing-boat",
  "teddy-bear",
  "umbrella",
  "street",
  "airliner",
  "vase",
  "desk",
];

/** All scenes as JPEGs that a page's file input takes. */
export async function scenes(browser) {
  const photos = [];
  for (const name of SCENES) photos.push({ name: `${name}.jpg`, ...(await drawn(browser, name)) });
  return photos;
}

async function drawn(browser, name) {
  const path = fileURLToPath(new URL(`../fixtures/scenes/${name}.svg`, import.meta.url));
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  const fit = "* { margin: 0 } svg { display: block; width: 100vw; height: 100vh }";
  await page.setContent(`<style>${fit}</style>${readFileSync(path, "utf8")}`);
  const buffer = await page.screenshot({ type: "jpeg", quality: 90 });
  await page.close();
  return { buffer, mimeType: "image/jpeg" };
}
