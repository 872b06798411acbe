// A static file server on the loopback interface, for tests and benchmarks.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves `mounts`, URL prefixes to folders, longest prefix first. `replace(path, response)` may give
 * other bytes for a path, or set headers; `port` says where it is to be again after it was closed.
 * Resolves to `{ origin, port, close }`.
 */
export async function serve(mounts, replace = () => undefined, port = 0) {
  const prefixes = Object.keys(mounts).sort((left, right) => right.length - left.length);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const prefix = prefixes.find((prefix) => path.startsWith(prefix));
    const inside = normalize(`/${path.slice(prefix?.length ?? 0)}`);
    const file = join(mounts[prefix] ?? "", inside.endsWith("/") ? `${inside}index.html` : inside);
    response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
    response.setHeader("Cache-Control", "no-store");
    const replaced = replace(path, response);
    if (replaced !== undefined) {
      response.end(replaced);
    } else if (prefix !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile()) {
      createReadStream(file).pipe(response);
    } else {
      response.writeHead(404).end(`no ${path}`);
    }
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    port: server.address().port,
    // Browsers keep connections open.
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What hosts are to send with every file of a site, as [name, value]. */
export function headersOf(site) {
  const lines = readFileSync(join(site, "_headers"), "utf8").matchAll(/^ {2}([^:]+): (.*)$/gm);
  return Array.from(lines, ([, name, value]) => [name, value]);
}
