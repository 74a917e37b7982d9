// One run of a case against one server: the steps that a case is written in.

import { setTimeout as sleep } from "node:timers/promises";
import { RawConnection } from "./raw.mjs";
import { request } from "./http.mjs";
import { KEY, text } from "./ws.mjs";
import { Identifiers, render, show } from "./transcript.mjs";

const IDLE_MILLIS = 70;

/** How long an answer is waited for that may stay away. One that is later is still found by settling. */
const ANSWER_MILLIS = 300;

/** How long an answer may take without which a case cannot go on. */
const NEEDED_MILLIS = 15_000;

export class Script {
  /** The transcript. */
  lines = [];
  path;

  #address;
  #pulse;
  #side;
  #lockstep;
  #reading;
  #connections = [];
  #identifiers = new Identifiers();
  #step = 0;

  /** `reading` turns an event into what is compared (see rules.mjs). */
  constructor({ address, pulse, path, side, lockstep, reading }) {
    this.path = path;
    this.#address = address;
    this.#pulse = pulse;
    this.#side = side;
    this.#lockstep = lockstep;
    this.#reading = reading;
  }

  /** Opens a connection. Names are letters in order unless given. */
  async connect(name = String.fromCharCode(97 + this.#connections.length)) {
    const connection = await RawConnection.connect(name, this.#address);
    this.#connections.push(connection);
    return connection;
  }

  /** Puts a line of the case's own into the transcript. */
  note(line) {
    this.lines.push(`# ${line}`);
  }

  /** Sends a request on a connection (a new one if none is given), and waits for its response, then for silence. */
  async exchange(bytes, connection, { answerMillis, ...options } = {}) {
    const used = connection === undefined || connection.state === "rested" ? await this.connect(connection?.name) : connection;
    used.request(bytes);
    await this.answer(used, 1, answerMillis);
    await this.settle(options);
    return used;
  }

  /** Waits for `count` events on a connection, for the peer to end it, or until an answer is no longer likely. */
  async answer(connection, count = 1, timeoutMillis = ANSWER_MILLIS) {
    await connection.arrived(count, timeoutMillis);
  }

  /** Waits for `count` events and puts exactly those into the transcript, without waiting for silence. */
  async take(connection, count = 1) {
    await connection.arrived(count, NEEDED_MILLIS);
    const end = Math.min(connection.events.length, connection.consumed + count);
    const events = connection.events.slice(connection.consumed, end);
    connection.consumed = end;
    this.lines.push(...events.flatMap((event) => this.#render(connection, event, this.#identifiers)));
    if (events.length < count) throw new Error(`connection ${connection.name} brought ${events.length} of ${count} events, and is ${connection.state}`);
    return events;
  }

  /** Waits until nothing arrives any more from this server on any connection. */
  async quiet() {
    await this.#silence(performance.now(), IDLE_MILLIS);
  }

  /** Waits until nothing arrives any more on any connection, and puts all that did into the transcript. */
  async settle({ idle = IDLE_MILLIS } = {}) {
    const step = this.#step++;
    // The time counts from when the server has seen what the case sent.
    if (idle > IDLE_MILLIS) await this.#pulse.beat();
    const start = performance.now();
    for (;;) {
      await this.#silence(start, idle);
      const seen = this.#connections.map(({ events, state }) => ({ count: events.length, state }));
      const offer = this.#fresh(seen, new Identifiers()).join("\n");
      if (!(await this.#lockstep.agree(this.#side, step, offer))) continue;
      this.lines.push(...this.#fresh(seen, this.#identifiers), "--");
      this.#connections.forEach((connection, i) => {
        connection.consumed = seen[i].count;
        connection.stateReported = seen[i].state;
      });
      return;
    }
  }

  /** Ends the run: the last things to arrive, and which connections are still open. */
  async finish() {
    await this.settle();
    for (const { name, state, partial } of this.#connections) {
      if (partial !== "" && state === "open") this.lines.push(`${name} unfinished ${JSON.stringify(partial)}`);
      if (state === "open" || state === "rested") this.lines.push(`${name} is open`);
    }
  }

  /** Drops whatever is still open. */
  dispose() {
    for (const connection of this.#connections) connection.abort();
  }

  /** Waits for a time without activity, at the end of which the server proves that it has nothing left to do. */
  async #silence(start, idle) {
    const last = () => Math.max(start, ...this.#connections.map(({ lastActivity }) => lastActivity));
    for (;;) {
      const left = last() + idle - performance.now();
      if (left > 0) {
        await sleep(left);
        continue;
      }
      const before = last();
      await this.#pulse.beat();
      if (last() === before) return;
    }
  }

  #render(connection, event, identifiers) {
    const read = this.#reading(event);
    if (!event.apart) return label(connection, render(read, identifiers));
    const head = (poll) => render(withoutBody(poll), identifiers);
    const packets = read.body.toString("utf8").split("\x1e");
    const previous = connection.events[connection.events.indexOf(event) - 1];
    const known = previous?.apart && head(this.#reading(previous)).join() === head(read).join();
    const lines = packets.map((packet) => `  packet ${show(Buffer.from(packet), identifiers)}`);
    return [...(known ? [] : label(connection, head(read))), ...lines];
  }

  #fresh(seen, identifiers) {
    return this.#connections.flatMap((connection, i) => {
      const events = connection.events.slice(connection.consumed, seen[i].count);
      const lines = events.flatMap((event) => this.#render(connection, event, identifiers));
      return seen[i].state === connection.stateReported ? lines : [...lines, `${connection.name} is ${seen[i].state}`];
    });
  }

  // What follows are the usual openings of a case; each puts what it receives into the transcript.

  /** The request target of the fixture's endpoint. */
  target(query) {
    return `${this.path}?${query}`;
  }

  /** A GET of a session, or of none. */
  get(query, options) {
    return request("GET", this.target(query), options);
  }

  post(query, body, options) {
    return request("POST", this.target(query), { body, ...options });
  }

  /** Opens a session by long-polling. */
  async polling({ query = "EIO=4&transport=polling", ...options } = {}) {
    const connection = await this.connect("poll");
    connection.request(this.get(query, options));
    const [response] = await this.take(connection);
    const sid = /"sid":"([^"]+)"/.exec(response.body.toString())?.[1];
    if (sid === undefined) throw new Error("no session was opened");
    return new PollingSession(this, sid, query, connection);
  }

  /** A WebSocket that has joined a namespace: the CONNECT's answer and the "auth" event are taken. */
  async joined(namespace = "/", auth = "") {
    const connection = await this.webSocket();
    await this.join(connection, namespace, auth);
    return connection;
  }

  /** Joins a namespace. */
  async join(connection, namespace = "/", auth = "") {
    connection.send(text(`40${namespace === "/" ? "" : `${namespace},`}${auth}`));
    await this.take(connection, 2);
  }

  /** The request that asks for a WebSocket. */
  upgradeRequest(query = "EIO=4&transport=websocket", { headers = {}, ...options } = {}) {
    const standard = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": KEY,
    };
    const merged = Object.entries({ ...standard, ...headers }).filter(([, value]) => value !== undefined);
    return request("GET", this.target(query), { headers: merged, ...options });
  }

  /** Opens a WebSocket, and takes the 101 and `packets` frames: the first one is the handshake of a new session. */
  async webSocket({ query, packets = 1, name, ...options } = {}) {
    const connection = await this.connect(name ?? "ws");
    connection.request(this.upgradeRequest(query, options));
    const events = await this.take(connection, 1 + packets);
    connection.sid = /"sid":"([^"]+)"/.exec(events[1]?.payload?.toString() ?? "")?.[1];
    return connection;
  }
}

/** A session by long-polling: one connection for its GETs, one for its POSTs. */
export class PollingSession {
  constructor(script, sid, query, connection) {
    this.script = script;
    this.sid = sid;
    this.query = `${query}&sid=${sid}`;
    this.pollConnection = connection;
  }

  /** Sends a GET without waiting for its response. */
  async startPoll(options) {
    if (this.pollConnection.state !== "open") this.pollConnection = await this.script.connect("poll");
    this.pollConnection.request(this.script.get(this.query, options));
    return this.pollConnection;
  }

  /** Sends a GET, and takes its response. */
  async poll(options) {
    const [response] = await this.script.take(await this.startPoll(options));
    return response;
  }

  /**
   * Polls until a poll stays pending, or one is refused. The packets go into the transcript one by one: how many of them
   * a poll brings does not matter, but their order does, and the heads of the answers.
   */
  async keepPolling() {
    const poll = this.pollConnection;
    for (;;) {
      await this.script.quiet();
      const fresh = poll.events.slice(poll.consumed);
      for (const response of fresh) response.apart = response.status === 200;
      if (poll.methods.length > 0 || poll.state !== "open" || fresh.some(({ apart }) => !apart)) break;
      await this.startPoll();
    }
    await this.script.settle();
  }

  /** Sends a POST without waiting for its response. */
  async startPost(body, options) {
    if (this.postConnection?.state !== "open") this.postConnection = await this.script.connect("post");
    this.postConnection.request(this.script.post(this.query, body, options));
    return this.postConnection;
  }

  /** Sends a POST, and takes its response. */
  async post(body, options) {
    const [response] = await this.script.take(await this.startPost(body, options));
    return response;
  }
}

/** The head of an answer but for what depends on its body. */
function withoutBody(response) {
  const headers = response.headers.filter(([name]) => name.toLowerCase() !== "content-length");
  return { ...response, headers, body: Buffer.alloc(0) };
}

function label(connection, lines) {
  return lines.map((line, i) => (i === 0 ? `${connection.name} ${line}` : `  ${line}`));
}
