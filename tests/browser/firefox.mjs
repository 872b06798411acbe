// Starts Debian's Firefox and drives its page by WebDriver BiDi.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BiDi } from "./bidi.mjs";
import { DrivenPage, until } from "./driven.mjs";

const FLAGS = ["--headless", "--no-remote", "--remote-debugging-port=0"];

/** The one page of a new Firefox, which knows nothing yet. */
export async function launchFirefox() {
  const profile = mkdtempSync(join(tmpdir(), "tagsight-firefox-"));
  const flags = [...FLAGS, "--profile", profile, "about:blank"];
  const firefox = spawn("firefox-esr", flags, { stdio: ["ignore", "ignore", "pipe"] });
  const end = async () => {
    if (firefox.kill("SIGKILL")) await once(firefox, "exit");
    // Its other processes end by themselves, and write until then.
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    await once(firefox, "spawn");
    return await FirefoxPage.connect(await address(firefox), end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where it listens, which it says on its standard error. */
async function address(firefox) {
  let said = "";
  // Read to the end: a full pipe would stop it.
  firefox.stderr.on("data", (text) => (said += text));
  const look = () => {
    if (firefox.exitCode !== null) throw new Error(`Firefox has ended:\n${said}`);
    return said.match(/^WebDriver BiDi listening on (ws:\S+)\n/m);
  };
  const [, found] = await until(look, "Firefox to listen");
  return `${found}/session`;
}

class FirefoxPage extends DrivenPage {
  /** Errors of scripts, on the console, and of the content security policy. */
  complaints = [];
  #protocol;
  #context;
  #end;

  static async connect(address, end) {
    const page = new FirefoxPage();
    page.#end = end;
    page.#protocol = await BiDi.connect(address, (method, event) => page.#hear(method, event));
    const { capabilities } = await page.#protocol.send("session.new", { capabilities: {} });
    page.version = `Firefox ${capabilities.browserVersion}`;
    await page.#protocol.send("session.subscribe", { events: ["log.entryAdded"] });
    const { contexts } = await page.#protocol.send("browsingContext.getTree", {});
    page.#context = contexts[0].context;
    return page;
  }

  goto(url) {
    return this.#send("browsingContext.navigate", { url, wait: "complete" });
  }

  reload() {
    return this.#send("browsingContext.reload", { wait: "complete" });
  }

  /** Values go as JSON, since BiDi spells their types out. */
  async evaluate(work, argument = null) {
    const call = `async (json) => JSON.stringify(await (${work})(JSON.parse(json)))`;
    const { value } = await this.#call(call, { type: "string", value: JSON.stringify(argument) });
    return value === undefined ? undefined : JSON.parse(value);
  }

  async setFiles(selector, files) {
    await this.#send("input.setFiles", { element: await this.#find(selector), files });
  }

  async click(selector) {
    const element = await this.#find(selector);
    await this.#call("(element) => element.scrollIntoView({ block: 'center' })", element);
    await this.#act("pointer", [
      { type: "pointerMove", x: 0, y: 0, origin: { type: "element", element } },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ]);
  }

  async type(selector, text) {
    await this.#call("(element) => element.focus()", await this.#find(selector));
    const press = (value) => ["keyDown", "keyUp"].map((type) => ({ type, value }));
    await this.#act("key", [...text].flatMap(press));
  }

  async close() {
    this.#protocol.close();
    await this.#end();
  }

  #send(method, params) {
    return this.#protocol.send(method, { context: this.#context, ...params });
  }

  #hear(method, { level, text }) {
    if (method === "log.entryAdded" && level === "error") this.complaints.push(text);
  }

  async #find(selector) {
    const locator = { type: "css", value: selector };
    const { nodes } = await this.#send("browsingContext.locateNodes", { locator, maxNodeCount: 1 });
    if (nodes.length === 0) throw new Error(`there is no ${selector}`);
    return { sharedId: nodes[0].sharedId };
  }

  async #call(functionDeclaration, argument) {
    const { result, exceptionDetails } = await this.#protocol.send("script.callFunction", {
      target: { context: this.#context },
      functionDeclaration,
      arguments: [argument],
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result;
  }

  #act(type, actions) {
    return this.#send("input.performActions", { actions: [{ type, id: type, actions }] });
  }
}
