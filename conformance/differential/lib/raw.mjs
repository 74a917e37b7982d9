// A TCP connection that sends exactly the bytes it is given and keeps what comes back as a list of events.
//
// The bytes are read as HTTP/1.1 responses until a 101 arrives, and as WebSocket frames from then on. Nothing is
// normalised here: an event holds what was on the wire.

import net from "node:net";
import { ResponseParser } from "./http.mjs";
import { FrameParser } from "./ws.mjs";

/** Servers close a connection when no request has come over it for 5 s. */
const REST_MILLIS = 4500;

export class RawConnection {
  /** Events in order of arrival: {kind: "response" | "frame" | "bytes", …}. */
  events = [];
  /** How many events earlier steps have already put into the transcript. */
  consumed = 0;
  /**
   * "open"; "closed" by the peer; "rested" if the peer closed it because it was not in use, which happens in any case when
   * the machine is slow enough; "aborted" by the case.
   */
  state = "open";
  stateReported = "open";
  /** Whether the end of a rest is an end like any other. */
  endsRest = false;
  /** Methods of the requests that have no final response yet; a response to HEAD has no body. */
  methods = [];
  /** The time of the last byte or of the end, in milliseconds of performance.now(). */
  lastActivity = performance.now();

  #socket;
  #parser = new ResponseParser(this.methods);
  #waiters = new Set();

  constructor(name, socket) {
    this.name = name;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#onData(bytes));
    socket.on("end", () => this.#onEnd());
    socket.on("close", () => this.#onEnd());
    // A reset and an orderly end differ only in what was left unread, which is a matter of timing.
    socket.on("error", () => this.#onEnd());
  }

  static connect(name, { host, port }) {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host, port, allowHalfOpen: true });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.removeListener("error", reject);
        resolve(new RawConnection(name, socket));
      });
    });
  }

  /** The WebSocket parser once the connection was upgraded, else undefined. */
  get isWebSocket() {
    return this.#parser instanceof FrameParser;
  }

  get lastResponse() {
    return this.events.findLast((event) => event.kind === "response");
  }

  send(bytes) {
    if (this.state === "open" && !this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Sends a request and remembers its method, which the response's framing depends on. */
  request(text) {
    const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text, "latin1");
    this.methods.push(bytes.subarray(0, bytes.indexOf(0x20)).toString("latin1"));
    this.send(bytes);
  }

  /** Ends the sending direction only. */
  halfClose() {
    this.#socket.end();
  }

  /** Drops the connection. What the peer does about it is seen on other connections. */
  abort() {
    this.state = this.stateReported = "aborted";
    this.#socket.destroy();
  }

  /** Resolves once there are `count` events beyond those consumed, the peer ended, or the time is over. */
  async arrived(count, timeoutMillis) {
    const deadline = performance.now() + timeoutMillis;
    while (this.#fresh() < count && this.state === "open") {
      const left = deadline - performance.now();
      if (left <= 0) return;
      await new Promise((resolve) => {
        const timer = setTimeout(done, left);
        const waiters = this.#waiters;
        waiters.add(done);
        function done() {
          clearTimeout(timer);
          waiters.delete(done);
          resolve();
        }
      });
    }
  }

  /** What has arrived of an event that is not complete, as text; empty if there is none. */
  get partial() {
    return this.#parser.partial;
  }

  #fresh() {
    return this.events.slice(this.consumed).filter((event) => event.status !== 100).length;
  }

  #onData(bytes) {
    this.lastActivity = performance.now();
    this.#collect(this.#parser.push(bytes));
    this.#wake();
  }

  #collect(events) {
    for (const event of events) {
      this.events.push(event);
      if (event.status === 101) {
        const rest = this.#parser.takeRest();
        this.#parser = new FrameParser(event);
        this.#collect(this.#parser.push(rest));
      }
    }
  }

  #onEnd() {
    if (this.state !== "open") return;
    const rested = performance.now() - this.lastActivity > REST_MILLIS && !this.isWebSocket && this.methods.length === 0;
    if (rested && !this.endsRest && this.partial === "") {
      this.state = this.stateReported = "rested";
    } else {
      this.lastActivity = performance.now();
      this.#collect(this.#parser.end());
      this.state = "closed";
    }
    this.#socket.destroy();
    this.#wake();
  }

  #wake() {
    for (const waiter of [...this.#waiters]) waiter();
  }
}
