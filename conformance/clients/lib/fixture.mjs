// Starts and stops the server under test: the fixture process that ../../README.md describes.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { PATIENCE, within } from "./time.mjs";

const CLIENTS = fileURLToPath(new URL("..", import.meta.url));
const START_MILLIS = 30_000;

/** The command that SOCKEYE_FIXTURE names: words, or a JSON array of them; paths are relative to `clients/`. */
function command() {
  const text = process.env.SOCKEYE_FIXTURE?.trim() || "../fixture";
  return text.startsWith("[") ? JSON.parse(text) : text.split(/\s+/);
}

export class Fixture {
  #settings;
  #command;
  #child;
  #exit;
  #reasons = new Map(); // socket id → reason that the server gave
  #awaited = new Map(); // socket id → resolve function of whoever waits for its reason
  #complaints = [];
  #retired = false;
  #returns; // whether sockets come back with the id that they had
  port = 0;

  /** Starts a server; settings are flags by name, as in `{ "ping-interval": 300 }`. */
  static async start(settings = {}, words = command()) {
    const fixture = new Fixture(settings, words);
    await fixture.#launch();
    return fixture;
  }

  constructor(settings, words) {
    this.#command = words;
    this.#returns = "recovery" in settings;
    this.#settings = Object.entries(settings).flatMap(([name, value]) => {
      return value === true ? [`--${name}`] : [`--${name}`, String(value)];
    });
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The reason that the server gave its application for the end of this socket. */
  gone(socketId) {
    if (this.#reasons.has(socketId)) return Promise.resolve(this.#reasons.get(socketId));
    const reason = new Promise((resolve) => this.#awaited.set(socketId, resolve));
    return within(PATIENCE, reason, `the server to report the end of socket ${socketId}`);
  }

  /** Whether the server reported the end of this socket. */
  isGone(socketId) {
    return this.#reasons.has(socketId);
  }

  /** Stops and continues the whole process, as a machine without a CPU to spare would. */
  freeze() {
    this.#signal("SIGSTOP");
  }

  thaw() {
    this.#signal("SIGCONT");
  }

  /** Ends it without a word to its clients. */
  async crash() {
    this.#signal("SIGKILL");
    await this.#exit;
  }

  /** Ends it by SIGTERM, and fails unless it was there and goes in good order. */
  async end() {
    if (!this.#runs) throw new Error("The fixture has ended by itself");
    this.#signal("SIGTERM");
    const { code, signal } = await within(PATIENCE, this.#exit, "the fixture to end after SIGTERM").finally(() => {
      this.#signal("SIGKILL");
    });
    if (code !== 0) throw new Error(`The fixture ended with ${signal ?? `exit code ${code}`} after SIGTERM`);
    if (this.#complaints.length > 0) throw new Error(`The fixture reported:\n${this.#complaints.join("\n")}`);
  }

  /** Starts it again on the port that it had, unless it runs or has been retired. */
  async startAgain() {
    if (!this.#runs && !this.#retired) await this.#launch();
  }

  /** Ends it for good. */
  async retire() {
    this.#retired = true;
    await this.end();
  }

  get #runs() {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #launch() {
    const [program, ...words] = this.#command;
    const args = [...words, String(this.port), "--until-eof", ...this.#settings];
    // A process group of its own, so that a wrapper script gets no signal that its server does not get. The pipe to its
    // standard input ends with this process, and the fixture with it.
    this.#child = spawn(program, args, { cwd: CLIENTS, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    const child = this.#child;
    child.stdin.on("error", () => {});
    this.#exit = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
    const errors = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      errors.push(line);
      if (line.includes("LEAK")) this.#complaints.push(line);
    });
    const ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => this.#onLine(line, resolve));
      child.once("error", reject);
      this.#exit.then(({ code }) => {
        reject(new Error(`exit code ${code}; its last words:\n${errors.slice(-20).join("\n")}`));
      });
    });
    try {
      this.port = await within(START_MILLIS, ready, "its line 'ready PORT'");
    } catch (error) {
      if (this.#runs) this.#signal("SIGKILL");
      throw new Error(`The fixture did not start: ${[program, ...args].join(" ")}\n${error.message}`);
    }
  }

  #onLine(line, onReady) {
    const [word, subject, ...rest] = line.split(" ");
    if (word === "ready") {
      onReady(Number(subject));
    } else if (word === "gone") {
      if (this.#reasons.has(subject) && !this.#returns) this.#complaints.push(`gone ${subject} twice`);
      this.#reasons.set(subject, rest.join(" "));
      this.#awaited.get(subject)?.(rest.join(" "));
    } else if (line.includes("LEAK")) {
      this.#complaints.push(line);
    }
  }

  #signal(name) {
    if (this.#runs) process.kill(-this.#child.pid, name);
  }
}
