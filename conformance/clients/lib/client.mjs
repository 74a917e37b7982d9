// The official client, with everything that it receives kept until a test asks for it.

import { has, io } from "./release.mjs";
import { PATIENCE, within } from "./time.mjs";

/** The three ways to connect, by name. */
export const TRANSPORTS = {
  polling: { transports: ["polling"] },
  websocket: { transports: ["websocket"] },
  upgrade: { transports: ["polling", "websocket"] },
};

export class Client {
  #unread = [];
  #readers = [];

  /** Starts to connect; `namespace` and the client's own options may be given. */
  static open(url, { namespace = "/", ...options }) {
    return new Client(io(url + namespace, { forceNew: true, reconnection: false, ...ofRelease(options) }));
  }

  /** A client of another namespace over the same connection. */
  other(namespace, options = {}) {
    return new Client(this.socket.io.socket(namespace, ofRelease(options)));
  }

  constructor(socket) {
    this.socket = socket;
    for (const event of ["connect", "disconnect", "connect_error"]) {
      socket.on(event, (...args) => this.#receive(event, args));
    }
    if (has(["catchAll"])) socket.onAny((event, ...args) => this.#receive(event, args));
    else this.#catchAll();
  }

  get id() {
    return this.socket.id;
  }

  get engine() {
    return this.socket.io.engine;
  }

  get transport() {
    return this.engine.transport.name;
  }

  /** The arguments of the next event of that name; `connect`, `disconnect` and `connect_error` are events as well. */
  next(event) {
    const index = this.#unread.findIndex((received) => received.event === event);
    if (index >= 0) return Promise.resolve(this.#unread.splice(index, 1)[0].args);
    const received = new Promise((resolve) => this.#readers.push({ event, resolve }));
    return within(PATIENCE, received, `the event '${event}'`);
  }

  /** The arguments of the next events of that name, one array each. */
  async nextOf(event, count) {
    const all = [];
    while (all.length < count) all.push(await this.next(event));
    return all;
  }

  /** The reason that the client gives for its next disconnection. */
  async lost() {
    return (await this.next("disconnect"))[0];
  }

  /** What was received and not read, in order: `[event, ...args]` each. */
  unread() {
    return this.#unread.map(({ event, args }) => [event, ...args.map((arg) => (arg instanceof Error ? `${arg}` : arg))]);
  }

  /** Drops what was received of that event and not read. */
  forget(event) {
    this.#unread = this.#unread.filter((received) => received.event !== event);
  }

  send(event, ...args) {
    this.socket.emit(event, ...args);
  }

  /** Emits the event, and resolves with the arguments of its acknowledgement. */
  ask(event, ...args) {
    if (!has(["timeout"])) {
      const answer = new Promise((resolve) => this.socket.emit(event, ...args, (...values) => resolve(values)));
      return within(PATIENCE, answer, `the acknowledgement of '${event}'`);
    }
    return new Promise((resolve, reject) => {
      this.socket.timeout(PATIENCE).emit(event, ...args, (error, ...answer) => {
        if (error) reject(new Error(`No acknowledgement of '${event}': ${error.message}`));
        else resolve(answer);
      });
    });
  }

  /** Resolves when everything has arrived that the server sent to this client before now. */
  async roundTrip() {
    if (this.socket.nsp !== "/mirror") return this.ask("echo");
    this.send("round trip");
    return this.next("round trip");
  }

  /** Resolves when the connection has changed from long-polling to WebSocket. */
  upgraded() {
    const upgrade = new Promise((resolve) => this.engine.once("upgrade", resolve));
    return within(PATIENCE, upgrade, "the upgrade to WebSocket");
  }

  /** What a client of 2.x has instead of a catch-all listener: the method that its events come through. */
  #catchAll() {
    this.socket.onevent = (packet) => {
      const [event, ...args] = packet.data;
      if (packet.id !== undefined) args.push(this.socket.ack(packet.id));
      this.#receive(event, args);
    };
    // A refusal is the message alone, or the data alone. Failures of the connection are told by `disconnect` as well.
    this.socket.on("error", (refusal) => {
      if (refusal instanceof Error) return;
      const isText = typeof refusal === "string";
      const { message = isText ? refusal : undefined, ...data } = isText ? {} : refusal;
      this.#receive("connect_error", [{ message, data: Object.keys(data).length > 0 ? data : undefined }]);
    });
  }

  #receive(event, args) {
    const index = this.#readers.findIndex((reader) => reader.event === event);
    if (index >= 0) this.#readers.splice(index, 1)[0].resolve(args);
    else this.#unread.push({ event, args });
  }
}

/** The options as this release has them: clients of 2.x have a query of the namespace instead of `auth`. */
function ofRelease({ auth, ...options }) {
  if (auth === undefined) return options;
  return has(["auth"]) ? { ...options, auth } : { ...options, query: { ...options.query, ...auth } };
}
