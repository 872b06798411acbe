// Starts the system's Chromium.

import { chromium } from "playwright-core";
import { FLAGS, executable } from "./executable.mjs";

const WEBGPU = ["--enable-unsafe-webgpu", "--enable-features=Vulkan"];
const ADAPTERS = {
  // A processor plays the graphics device: for what is computed, never for how fast.
  software: ["--use-webgpu-adapter=swiftshader"],
  // The machine's own, which a browser without a window would not look for.
  device: ["--use-angle=vulkan", "--ignore-gpu-blocklist"],
};

/** With `webgpu` ("software" or "device"), pages find such a graphics device; else they find none. */
export async function launch({ webgpu } = {}) {
  const args = webgpu ? [...FLAGS, ...WEBGPU, ...ADAPTERS[webgpu]] : FLAGS;
  return chromium.launch({ executablePath: executable(), args });
}

/** A browser with the profile in `folder`, as its one context: what it stores is there next time. */
export async function launchProfile(folder) {
  return chromium.launchPersistentContext(folder, { executablePath: executable(), args: FLAGS });
}
