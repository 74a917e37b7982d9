// Starts and stops the two servers of each profile.

import { spawn } from "node:child_process";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const LONG_TIMERS = ["--ping-interval", "25000", "--ping-timeout", "20000", "--connect-timeout", "45000"];
const SOCKET_IO = "/socket.io/";
const ENGINE_IO = "/engine.io/";

/** The settings that cases are run under. Both servers take the same flags. */
export const PROFILES = {
  socketio: { path: SOCKET_IO, flags: LONG_TIMERS },
  engine: { path: ENGINE_IO, flags: ["--engine", ...LONG_TIMERS] },
  fixture: { path: SOCKET_IO, flags: [] },
  heartbeat: { path: ENGINE_IO, flags: ["--engine", "--ping-interval", "300", "--ping-timeout", "800"] },
  "connect-timeout": { path: SOCKET_IO, flags: [...LONG_TIMERS, "--connect-timeout", "600"] },
  "upgrade-timeout": { path: ENGINE_IO, flags: ["--engine", ...LONG_TIMERS, "--upgrade-timeout", "400"] },
  "no-cors": { path: SOCKET_IO, flags: ["--no-cors", ...LONG_TIMERS] },
  origin: { path: SOCKET_IO, flags: ["--cors-origin", "https://app.example", "--cookie", ...LONG_TIMERS] },
  deflate: { path: ENGINE_IO, flags: ["--engine", "--deflate", ...LONG_TIMERS] },
  eio3: { path: SOCKET_IO, flags: ["--allow-eio3", ...LONG_TIMERS] },
  "eio3-engine": { path: ENGINE_IO, flags: ["--engine", "--allow-eio3", ...LONG_TIMERS] },
};

const START_MILLIS = 60_000;

export class Server {
  #process;

  constructor(process, address) {
    this.#process = process;
    this.address = address;
  }

  /** Starts `command PORT flags…` on a free port, and resolves once it accepts connections. */
  static async start(command, flags, name) {
    const port = await freePort();
    const [program, ...prefix] = command;
    // A group of its own, so that a wrapper script is stopped together with what it started.
    const child = spawn(program, [...prefix, String(port), ...flags], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const server = new Server(child, { host: "127.0.0.1", port });
    child.on("error", () => {});
    child.stdout.resume();
    child.stderr.on("data", (text) => process.stderr.write(`[${name}] ${text}`));
    const deadline = performance.now() + START_MILLIS;
    while (!(await accepts(server.address))) {
      const gone = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
      if (gone || performance.now() > deadline) {
        server.stop();
        throw new Error(`${name} did not start: ${command.join(" ")}`);
      }
      await sleep(50);
    }
    return server;
  }

  stop() {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, "SIGTERM");
    } catch {
      // It is gone already.
    }
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function accepts({ host, port }) {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
