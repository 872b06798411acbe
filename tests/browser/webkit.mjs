// Starts Debian's WebKitGTK and drives its page by WebDriver, one HTTP request a command. It has no
// way of running without a screen, so it gets one of its own that nobody sees.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { DrivenPage, PATIENCE_MS, until } from "./driven.mjs";

const SCREEN = ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];

/** The one page of a new browser, which knows nothing yet. */
export async function launchWebKit() {
  const started = [];
  const start = async (program, flags, options) => {
    const child = spawn(program, flags, options);
    await once(child, "spawn");
    started.unshift(child);
    return child;
  };
  const end = async () => {
    for (const child of started) if (child.kill()) await once(child, "exit");
  };
  try {
    const screen = await start("Xvfb", SCREEN, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const port = await freePort();
    const env = { ...process.env, DISPLAY: await display(screen) };
    await start("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });
    return await WebKitPage.connect(`http://127.0.0.1:${port}`, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** The screen's name, which is said once it can be drawn on. */
async function display(screen) {
  const said = once(screen.stdio[3], "data").then(([number]) => `:${String(number).trim()}`);
  const failed = once(screen, "exit").then(() => Promise.reject(new Error("Xvfb did not start")));
  return Promise.race([said, failed]);
}

/** The driver does not choose one itself. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

class WebKitPage extends DrivenPage {
  #driver;
  #session;
  #end;

  static async connect(driver, end) {
    const page = new WebKitPage();
    page.#driver = driver;
    page.#end = end;
    await until(() => page.#ask("GET", "/status").catch(() => undefined), "WebKitWebDriver");
    const { sessionId, capabilities } = await page.#ask("POST", "/session", { capabilities: {} });
    page.#session = `/session/${sessionId}`;
    page.version = `WebKitGTK ${capabilities.browserVersion}`;
    return page;
  }

  async goto(url) {
    await this.#send("/url", { url });
  }

  async reload() {
    await this.#send("/refresh", {});
  }

  evaluate(work, argument = null) {
    return this.#send("/execute/sync", { script: `return (${work})(...arguments)`, args: [argument] });
  }

  async setFiles(selector, files) {
    await this.type(selector, files.join("\n"));
  }

  async click(selector) {
    await this.#send(`${await this.#find(selector)}/click`, {});
  }

  async type(selector, text) {
    await this.#send(`${await this.#find(selector)}/value`, { text });
  }

  async close() {
    // Without its session the driver ends the browser.
    await this.#ask("DELETE", this.#session).catch(() => {});
    await this.#end();
  }

  async #find(selector) {
    const found = await this.#send("/element", { using: "css selector", value: selector });
    // Its only property has a name that says that it is an element.
    return `/element/${Object.values(found)[0]}`;
  }

  #send(path, body) {
    return this.#ask("POST", `${this.#session}${path}`, body);
  }

  async #ask(method, path, body) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(this.#driver + path, { method, body: JSON.stringify(body), signal });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  }
}
