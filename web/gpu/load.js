// Loads the graphics processor's engine; null where there is no device for it.
export async function load() {
  if (!(await navigator.gpu?.requestAdapter())) return null;
  const engine = await import("./tagsight-gpu.js");
  await engine.default();
  return engine;
}
