// A site with one model more than it was built with.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "../browser/serve.mjs";

/** Serves `site` with the model in `folder` listed last; the result also has the model's `name`. */
export async function withSecondModel(site, folder, manifest) {
  const bytes = readFileSync(join(folder, "model.safetensors"));
  const model = {
    name: "second",
    title: "Random ResNet-18",
    file: "second/model.safetensors",
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    map_80: 0.03,
    latency: "medium",
    default: false,
  };
  const listed = JSON.stringify({ models: [...manifest.models, model] });
  const server = await serve({ "/": site, "/models/second/": folder }, (path) =>
    path === "/models/manifest.json" ? listed : undefined,
  );
  return { ...server, name: model.name };
}
