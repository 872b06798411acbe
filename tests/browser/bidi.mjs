// WebDriver BiDi: a WebSocket on which every command has its answer, and events come in between.

// Playwright's, as that of Node.js 20 is experimental and breaks off after 4,096 messages.
import bundle from "playwright-core/lib/utilsBundle";
import { PATIENCE_MS } from "./driven.mjs";

export class BiDi {
  /** Commands without an answer yet: number → what to do with it. */
  #waiting = new Map();
  #number = 0;
  #socket;

  /** Connects with a browser; `hear` is called with every event. */
  static async connect(address, hear) {
    const connection = new BiDi();
    const socket = new bundle.ws(address);
    connection.#socket = socket;
    socket.onmessage = ({ data }) => connection.#take(JSON.parse(data), hear);
    socket.onclose = () => connection.#giveUp("the connection has ended");
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`${address} does not answer`));
    });
    return connection;
  }

  /** Gives a command's result. */
  send(method, params) {
    const id = (this.#number += 1);
    return new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${method}: ${why}`));
      const timer = setTimeout(() => fail("no answer"), PATIENCE_MS);
      this.#waiting.set(id, { resolve, fail, timer });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close() {
    this.#socket.close();
  }

  #take({ id, type, method, params, result, error, message }, hear) {
    if (type === "event") return hear(method, params);
    const command = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(command?.timer);
    if (type === "success") command?.resolve(result);
    else command?.fail(`${error}: ${message}`);
  }

  #giveUp(why) {
    for (const { fail, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      fail(why);
    }
    this.#waiting.clear();
  }
}
