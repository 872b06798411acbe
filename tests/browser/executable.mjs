// The system's Chromium; TAGSIGHT_CHROMIUM names another one.

import { existsSync } from "node:fs";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
// The sandbox needs privileges that containers lack; the rest keeps Chromium off the network.
export const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function executable() {
  const path = process.env.TAGSIGHT_CHROMIUM ?? CANDIDATES.find((path) => existsSync(path));
  if (!path) {
    throw new Error("no Chromium: install it (apt-get install chromium) or set TAGSIGHT_CHROMIUM");
  }
  return path;
}
