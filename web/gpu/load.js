// Opens a device for the graphics processor's engine; null where there is none.
export async function open() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  // The engine asks every adapter what it is. Browsers that do not say (Chrome before 127) are
  // older than any that it was tried with.
  if (!adapter?.info) return null;
  const { vendor, architecture, device, description } = adapter.info;
  const engine = await import("./tagsight-gpu.js");
  await engine.default();
  return engine.request([vendor, architecture, device, description].join(" ").trim());
}
