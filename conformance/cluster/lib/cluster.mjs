// Processes: a Redis server and the nodes of a cluster, each of which can be killed and started again on its port.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(dirname(fileURLToPath(import.meta.url)));

const FIRST_PORT = 20_000; // below those that the system gives to outgoing connections: a killed node gets its port again
const PORTS = 12_000;

export async function freePort() {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const free = await new Promise((resolve) => {
      const server = createServer()
        .on("error", () => resolve(false))
        .listen(port, () => server.close(() => resolve(true)));
    });
    if (free) {
      return port;
    }
  }
}

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => process.exit(1));
}

/** A process that says when it is ready. */
export class Running {
  #command;
  #args;
  #ready;
  #child = null;
  started = 0;

  constructor(command, args, ready) {
    this.#command = command;
    this.#args = args;
    this.#ready = ready;
  }

  get pid() {
    return this.#child.pid;
  }

  start() {
    const child = spawn(this.#command, this.#args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.started++;
    running.add(child);
    child.on("exit", () => running.delete(child));
    let said = "";
    return new Promise((resolve, reject) => {
      const listen = (data) => {
        said += data;
        if (process.env.CLUSTER_LOG) {
          process.stderr.write(`[${this.#args[this.#args.indexOf("--redis") - 1] ?? "redis"}] ${data}`);
        }
        if (said.includes(this.#ready)) {
          resolve();
          said = "";
        }
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.on("exit", (code) => code === null || reject(new Error(`${this.#command} ${this.#args.join(" ")} ended (${code}):\n${said}`)));
      child.on("error", reject);
    });
  }

  signal(name) {
    this.#child?.kill(name);
  }

  /** Ends it; resolves when it has ended. */
  end(signal = "SIGKILL") {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill(signal);
    });
  }
}

export async function redisServer(...more) {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "redis-"));
  const persistence = more.length > 0 ? more : ["--save", "", "--appendonly", "no"];
  const server = new Running(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, ...persistence],
    "Ready to accept connections",
  );
  await server.start();
  return {
    server,
    port,
    url: `redis://127.0.0.1:${port}`,
    async close() {
      await server.end();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A way to a port of this machine through which nothing gets while it is cut. */
export class CutLine {
  #server;
  #sockets = new Set();
  #cut = false;

  static async to(port) {
    const line = new CutLine();
    line.#server = createServer((near) => line.#join(near, connect(port, "127.0.0.1")));
    await new Promise((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    return line;
  }

  get url() {
    return `redis://127.0.0.1:${this.#server.address().port}`;
  }

  /** From now on what is sent waits, both ways; and so does who connects. */
  cut() {
    this.#cut = true;
    this.#sockets.forEach((socket) => socket.pause());
  }

  mend() {
    this.#cut = false;
    this.#sockets.forEach((socket) => socket.resume());
  }

  close() {
    this.#server.close();
    this.#sockets.forEach((socket) => socket.destroy());
  }

  #join(near, far) {
    for (const [from, to] of [[near, far], [far, near]]) {
      this.#sockets.add(from);
      from.on("data", (data) => to.write(data));
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#cut) {
        from.pause();
      }
    }
  }
}

/** A node that is not started yet: kind is sockeye or node. */
export function node(kind, port, redisUrl, ...more) {
  const args = [String(port), "--redis", redisUrl, ...more];
  return kind === "sockeye"
    ? new Running(join(here, "..", "run-class"), ["io.sockeye.conformance.ClusterNode", ...args], "listening")
    : new Running(process.execPath, [join(here, "node-server.mjs"), ...args], "listening");
}

export const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** A generator of numbers from 0 to 1 that depends on the seed alone. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
