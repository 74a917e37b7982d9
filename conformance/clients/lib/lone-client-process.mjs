import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { PATIENCE, within } from "./time.mjs";

const PROGRAM = fileURLToPath(new URL("lone-client.mjs", import.meta.url));

/** A client process, to be frozen or ended as no client in the test's own process can be. */
export class LoneClient {
  #child;
  #lines = [];
  #onLine = () => {};

  /** Starts one, which ends with the scene at the latest. */
  static async start(scene, transport) {
    const lone = new LoneClient();
    lone.#child = spawn(process.execPath, [PROGRAM, scene.fixture.url, transport], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    scene.onEnd(() => lone.end());
    createInterface({ input: lone.#child.stdout }).on("line", (line) => {
      lone.#lines.push(line);
      lone.#onLine();
    });
    lone.id = await lone.next("connected");
    return lone;
  }

  /** What the next line of that kind says. */
  next(word) {
    const line = new Promise((resolve) => {
      this.#onLine = () => {
        const index = this.#lines.findIndex((each) => each.startsWith(`${word} `));
        if (index >= 0) resolve(this.#lines.splice(index, 1)[0].slice(word.length + 1));
      };
      this.#onLine();
    });
    return within(PATIENCE, line, `a client process to be ${word}`);
  }

  freeze() {
    this.#child.kill("SIGSTOP");
  }

  thaw() {
    this.#child.kill("SIGCONT");
  }

  /** Without a word to the server. */
  end() {
    this.#child.kill("SIGKILL");
  }
}
