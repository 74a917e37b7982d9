// A scenario is one program of clients. It is run against a server and leaves a transcript: for each client, in order, what
// it received, what it was answered, and why each side says that it left.

import { Client, TRANSPORTS } from "../lib/client.mjs";
import { PATIENCE, within } from "../lib/time.mjs";

export const SCENARIOS = [];

/**
 * Declares a scenario, once per transport. Each run has a namespace of its own, `s.namespace`. `alone`: broadcasts in another
 * one, so nothing runs beside it. `recovery`: the server has connection state recovery on.
 */
export function scenario(title, play, { transports = ["websocket", "polling"], alone = false, recovery = false } = {}) {
  for (const transport of transports) SCENARIOS.push({ name: `${title} (${transport})`, transport, play, alone, recovery });
}

/** Plays a scenario on a server, and resolves with its transcript. */
export async function play({ play: body, transport, recovery }, fixture, number) {
  const run = new Run(fixture, transport, `/dynamic-${number}`, recovery);
  try {
    await body(run);
    await run.settle();
    return await run.transcript();
  } finally {
    run.clear();
  }
}

class Run {
  #clients = [];
  #fixture;

  constructor(fixture, transport, namespace, recovery) {
    this.#fixture = fixture;
    this.recovery = recovery;
    this.transport = transport;
    this.namespace = namespace;
  }

  /** A client that has joined a namespace, or has been refused. */
  async join(name, { namespace = this.namespace, transport = this.transport, ...options } = {}) {
    const client = this.#add(name, Client.open(this.#fixture.url, { namespace, ...TRANSPORTS[transport], ...options }));
    const upgrade = transport === "upgrade" ? client.upgraded() : undefined;
    await client.decided;
    await upgrade;
    return client;
  }

  /** Several clients, one after the other. */
  async joinAll(...names) {
    const clients = [];
    for (const name of names) clients.push(await this.join(name));
    return clients;
  }

  /** Another namespace over a client's connection. */
  async also(name, client, namespace, options = {}) {
    const other = this.#add(name, new Client(client.socket.io.socket(namespace, options)));
    await other.decided;
    return other;
  }

  /** Cuts a client's connection without a word to its socket, and resolves when the server knows. */
  async cut(client) {
    const { id } = client.socket;
    client.socket.io.engine.close();
    await client.lost();
    await this.#fixture.gone(id);
  }

  /** Resolves when everything has arrived that was sent to any client before now, and nothing more is under way. */
  async settle() {
    for (let round = 0; round < 2; round++) {
      await Promise.all(this.#clients.filter(({ socket }) => socket.connected).map((client) => client.fence()));
    }
  }

  async transcript() {
    const lines = [];
    for (const client of this.#clients) {
      lines.push(`${client.name}:`, ...client.lines.map((line) => `  ${line}`));
      if (client.known && !client.socket.connected) lines.push(`  the server says: ${await this.#fixture.gone(client.known)}`);
    }
    const ids = this.#clients.filter(({ known }) => known).map(({ name, known }) => [known, `<${name}>`]);
    return ids
      .reduce((text, [id, shown]) => text.replaceAll(id, shown), lines.join("\n"))
      .replaceAll(this.namespace, "<namespace>")
      .split("\n");
  }

  clear() {
    for (const { socket } of this.#clients) socket.disconnect();
    for (const { socket } of this.#clients) socket.io.engine?.close();
  }

  #add(name, client) {
    const recorded = new Recorded(name, client, this.recovery);
    this.#clients.push(recorded);
    return recorded;
  }
}

const FENCE = "echo";

/** A client that writes down what happens to it. */
class Recorded {
  lines = [];
  known; // the socket's id, once it has had one

  constructor(name, client, recovery) {
    this.name = name;
    // Where there is recovery, an event has its offset as one argument more, which every server chooses as it likes.
    const seen = (args) => (recovery && typeof args.at(-1) === "string" ? [...args.slice(0, -1), "<offset>"] : args);
    this.client = client;
    this.socket = client.socket;
    const { socket } = this;
    socket.on("connect", () => {
      this.known = socket.id;
      this.#note(`connected${socket.recovered ? ", recovered" : ""}`);
    });
    socket.on("disconnect", (reason) => this.#note(`disconnected: ${reason}`));
    socket.on("connect_error", ({ message, data }) => this.#note(`refused: ${message} ${show(data)}`));
    socket.onAny((event, ...args) => this.#note(`got ${event} ${show(seen(args.filter((arg) => typeof arg !== "function")))}`));
    this.decided = within(PATIENCE, new Promise((resolve) => {
      for (const event of ["connect", "connect_error"]) socket.once(event, resolve);
    }), `${name} to connect`);
  }

  upgraded() {
    return this.client.upgraded();
  }

  /** Emits without asking for an acknowledgement. */
  send(event, ...args) {
    this.socket.emit(event, ...args);
  }

  /** Emits, and resolves with the acknowledgement, which is written down as `read` shows it. */
  async query(read, event, ...args) {
    const answer = await this.client.ask(event, ...args);
    const shown = read(answer);
    this.#note(`answered ${event} ${show(shown)}`);
    return shown;
  }

  ask(event, ...args) {
    return this.query((answer) => answer, event, ...args);
  }

  /** The rooms of the socket but its own. */
  rooms() {
    return this.query(([rooms]) => rooms.filter((room) => room !== this.socket.id), "rooms");
  }

  /** What the server finds of other sockets, in an order that does not depend on their ids. */
  fetch(target, names) {
    const read = ([found]) =>
      found
        .map(({ id, rooms, ...rest }) => ({ id, rooms: rooms.map((room) => (room === id ? "<own>" : room)).sort(), ...rest }))
        .sort((a, b) => names.indexOf(a.id) - names.indexOf(b.id));
    return this.query(read, "fetch", target);
  }

  /** Answers questions. */
  answers(event, reply) {
    this.socket.on(event, (...args) => {
      const ack = args.pop();
      if (typeof ack === "function") reply(ack, ...args);
    });
  }

  /** Connects again. */
  async back() {
    this.socket.connect();
    await this.next("connect");
  }

  /** Resolves when it is disconnected. */
  async lost() {
    if (!this.socket.connected) return;
    await within(PATIENCE, new Promise((resolve) => this.socket.once("disconnect", resolve)), `the end of ${this.name}`);
  }

  /** Resolves when an event of that name has come, which must not have come yet. */
  async next(event) {
    await within(PATIENCE, new Promise((resolve) => this.socket.once(event, resolve)), `${this.name} to get ${event}`);
  }

  /** A round trip that leaves no trace, unless the socket ends meanwhile. */
  async fence() {
    const end = new Promise((resolve) => this.socket.once("disconnect", resolve));
    await Promise.race([this.client.ask(FENCE).catch((error) => this.socket.connected && Promise.reject(error)), end]);
  }

  #note(line) {
    this.lines.push(line);
  }
}

/** A value as text, with all that JSON would not tell. */
export function show(value) {
  if (value === undefined) return "undefined";
  if (Buffer.isBuffer(value)) return `<${value.length} bytes ${value.toString("hex").slice(0, 64)}>`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${key}: ${show(value[key])}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}
