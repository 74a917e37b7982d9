// The settings that cases need, and the servers that have them.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

// Handlers run where the packets are read, as in the reference; elsewhere the order of answers to different namespaces,
// and how many of them one poll brings, would depend on threads.
const INLINE = "--inline";
const LONG_TIMERS = ["--ping-interval", "25000", "--ping-timeout", "20000", "--connect-timeout", "45000"];
const SOCKET_IO = "/socket.io/";
const ENGINE_IO = "/engine.io/";

/** The settings that cases are run under. Both servers take the same flags. */
export const PROFILES = {
  socketio: { path: SOCKET_IO, flags: [INLINE, ...LONG_TIMERS] },
  engine: { path: ENGINE_IO, flags: ["--engine", ...LONG_TIMERS] },
  fixture: { path: SOCKET_IO, flags: [] },
  heartbeat: { path: ENGINE_IO, flags: ["--engine", "--allow-eio3", "--ping-interval", "600", "--ping-timeout", "1600"] },
  "connect-timeout": { path: SOCKET_IO, flags: [INLINE, ...LONG_TIMERS, "--connect-timeout", "600"] },
  "upgrade-timeout": { path: ENGINE_IO, flags: ["--engine", ...LONG_TIMERS, "--upgrade-timeout", "1000"] },
  "no-cors": { path: SOCKET_IO, flags: [INLINE, "--no-cors", ...LONG_TIMERS] },
  origin: { path: SOCKET_IO, flags: [INLINE, "--cors-origin", "https://app.example", "--cookie", ...LONG_TIMERS] },
  deflate: { path: ENGINE_IO, flags: ["--engine", "--deflate", ...LONG_TIMERS] },
  eio3: { path: SOCKET_IO, flags: [INLINE, "--allow-eio3", ...LONG_TIMERS] },
  msgpack: { path: SOCKET_IO, flags: [INLINE, "--parser", "msgpack", ...LONG_TIMERS] },
  "eio3-engine": { path: ENGINE_IO, flags: ["--engine", "--allow-eio3", ...LONG_TIMERS] },
};

const START_MILLIS = 60_000;
const STOP_MILLIS = 10_000;
const READY = /\b(?:listening on|ready on port) (\d+)$/;

/** One process that serves several profiles, each on a port of its own. */
export class Servers {
  /** Lines about leaked buffers. */
  leaks = [];

  #process;
  #addresses = new Map();

  constructor(process) {
    this.#process = process;
  }

  /**
   * Starts `command PORT flags… --and PORT flags…`, one group per profile, and resolves once each has printed the line
   * that names the port it was given.
   */
  static async start(command, profiles, name) {
    const groups = profiles.map((profile) => ["0", "--until-eof", ...PROFILES[profile].flags]);
    const words = [...command, ...groups.flatMap((group, i) => (i === 0 ? group : ["--and", ...group]))];
    // A group of its own, so that a wrapper script is stopped together with what it started.
    const child = spawn(words[0], words.slice(1), { detached: true, stdio: ["pipe", "pipe", "pipe"] });
    const servers = new Servers(child);
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line.includes("LEAK")) servers.leaks.push(line);
      process.stderr.write(`[${name}] ${line}\n`);
    });
    const timer = setTimeout(() => servers.#signal("SIGKILL"), START_MILLIS);
    try {
      await new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("exit", () => reject(new Error(`${name} did not start: ${words.join(" ")}`)));
        createInterface({ input: child.stdout }).on("line", (line) => {
          const port = READY.exec(line)?.[1];
          if (port !== undefined) servers.#addresses.set(profiles[servers.#addresses.size], { host: "127.0.0.1", port: Number(port) });
          if (servers.#addresses.size === profiles.length) resolve();
        });
      });
    } finally {
      clearTimeout(timer);
    }
    return servers;
  }

  address(profile) {
    return this.#addresses.get(profile);
  }

  /** Ends the process, and resolves once it has ended and all it said is read. */
  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("close", resolve));
    this.#signal("SIGTERM");
    const timer = setTimeout(() => this.#signal("SIGKILL"), STOP_MILLIS);
    await ended;
    clearTimeout(timer);
  }

  #signal(signal) {
    try {
      process.kill(-this.#process.pid, signal);
    } catch {
      // It is gone already.
    }
  }
}
