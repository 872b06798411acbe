// What models are expected to say, and a site with other models than it was built with.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "../browser/serve.mjs";

/** What `trainer tag --json` wrote, a photo a line. */
export function readLines(file) {
  return readFileSync(file, "utf8").trim().split("\n").map(JSON.parse);
}

/** The random model in `folder` as the manifest lists it. */
export function listing(folder, name) {
  const bytes = readFileSync(join(folder, "model.safetensors"));
  return {
    name,
    title: `Random weights, ${name}`,
    file: `${name}/model.safetensors`,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    score: { metric: "map", over: 80, value: 0.03 },
    latency: "medium",
    default: false,
  };
}

/** Serves `site` with the model in `folder` listed last; the result also has the model's `name`. */
export async function withSecondModel(site, folder, manifest) {
  const model = listing(folder, "second");
  const listed = JSON.stringify({ models: [...manifest.models, model] });
  const server = await serve({ "/": site, "/models/second/": folder }, (path) =>
    path === "/models/manifest.json" ? listed : undefined,
  );
  return { ...server, name: model.name };
}
