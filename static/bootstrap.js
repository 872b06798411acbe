// Starts the page's module. A file of its own, as the content security policy allows no inline
// script.
import init from "./tagsight-web.js";

init().catch((error) => {
  const shell = document.getElementById("shell");
  if (!shell) throw error;
  shell.setAttribute("role", "alert");
  shell.dataset.testid = "app-error";
  shell.textContent =
    `The page could not be started (${error.message}). ` +
    "Reload it; if that does not help, use a newer browser.";
});
