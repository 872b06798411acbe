// Starts the page's module, or the benchmark's. A file of its own, as the content security policy allows no
// inline script.

/** Whether the page will speak Korean, by the order of web/src/text/language.rs. */
function isKorean() {
  const spoken = ["en", "ko"];
  const asked = new URLSearchParams(location.search).get("lang");
  if (spoken.includes(asked)) return asked === "ko";
  let remembered = null;
  try {
    remembered = localStorage.getItem("tagsight.language");
  } catch {
    // A browser that stores nothing has its own languages all the same.
  }
  if (spoken.includes(remembered)) return remembered === "ko";
  const primary = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase());
  return primary.find((tag) => spoken.includes(tag)) === "ko";
}

const korean = isKorean();
const shell = document.getElementById("shell");
if (korean) {
  document.documentElement.lang = "ko";
  if (shell) shell.textContent = "사진은 이 기기를 벗어나지 않아요. 태그는 바로 여기에서 붙여요.";
}

const isBenchmark =
  location.pathname.endsWith("/benchmark.html") || new URLSearchParams(location.search).has("benchmark");
const name = isBenchmark ? "tagsight-benchmark" : "tagsight-web";

async function start() {
  const { default: init } = await import(`./${name}.js`);
  await init().catch((error) => {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    // The browser's copy may be damaged.
    return init({ module_or_path: fetch(`${name}_bg.wasm`, { cache: "reload" }) });
  });
}

start().catch((error) => {
  if (!shell?.isConnected) throw error;
  shell.setAttribute("role", "alert");
  shell.dataset.testid = "app-error";
  shell.textContent = korean
    ? `페이지를 시작하지 못했어요 (${error.message}). ` +
      "새로고침해 보고, 그래도 안 되면 최신 브라우저를 써 주세요."
    : `The page could not be started (${error.message}). ` +
      "Reload it; if that does not help, use a newer browser.";
});
