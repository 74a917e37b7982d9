// What a Socket.IO server could do wrong, for the reference fixture to do: each fault by what it does, with the test files
// of which at least one has to fail. Run by check-faults.mjs. It reaches into the reference, whose version is pinned.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Socket: EngineSocket } = require("./node_modules/engine.io/build/socket.js");
const { Client } = require("./node_modules/socket.io/dist/client.js");
const { BroadcastOperator, Namespace, Socket } = require("socket.io");
const { Adapter } = require("./node_modules/socket.io-adapter/dist/index.js");

/** Takes the place of a method; `change` gets the original, bound, and its arguments. */
function patch(type, method, change) {
  const original = type.prototype[method];
  type.prototype[method] = function (...args) {
    return change.call(this, original.bind(this), ...args);
  };
}

/** Changes what the server sends: `change` gets a message, and what sends one. */
function messages(change) {
  patch(EngineSocket, "sendPacket", function (send, type, data, options, callback) {
    if (type !== "message") return send(type, data, options, callback);
    change.call(this, data, (changed) => {
      send(type, changed, { ...options, wsPreEncodedFrame: undefined }, callback);
    });
  });
}

/** Changes the first message after the probe of an upgrade. */
function atUpgrade(change) {
  patch(EngineSocket, "_maybeUpgrade", function (upgrade, transport) {
    this.once("upgrading", () => (this.probed = true));
    upgrade(transport);
  });
  messages(function (data, send) {
    const first = this.probed === true;
    this.probed = false;
    if (first) change(() => send(data));
    else send(data);
  });
}

/** Changes the arguments of the events that arrive, the acknowledgement among them. */
function incoming(change) {
  patch(Socket, "dispatch", (dispatch, [name, ...args]) => dispatch([name, ...change(args)]));
}

function everyNth(n, change) {
  let count = 0;
  return (data, send) => (++count % n === 0 ? change(data, send) : send(data));
}

function swapNeighbours(n) {
  const kept = new WeakMap(); // by connection
  let count = 0;
  return function (data, send) {
    send(data);
    kept.get(this)?.();
    kept.delete(this);
    if (typeof data !== "string" || !data.startsWith("2[") || ++count % n !== 0) return;
    this.writeBuffer.pop();
    kept.set(this, () => send(data));
  };
}

export const FAULTS = {
  // Messages
  "loses a message": [["order", "upgrade", "crowd", "blocked-websocket"], () => messages(everyNth(300, () => {}))],
  "doubles a message": [["order", "upgrade"], () => messages(everyNth(300, (data, send) => [send(data), send(data)]))],
  "loses long messages": [["limits", "events", "binary"], () => messages((data, send) => data.length > 99_000 || send(data))],
  "handles events at once": [["order", "binary"], () => {
    patch(Socket, "dispatch", (dispatch, event) => setTimeout(dispatch, Math.random() * 3, event));
  }],
  "sends Latin-1": [["events"], () => messages((data, send) => send(data.replace?.(/[^\0-\xff]/g, "?") ?? data))],
  "changes a byte of attachments": [["binary", "browser"], () => {
    messages((data, send) => send(Buffer.isBuffer(data) && data.length > 2 ? Buffer.from(data).fill(1, 1, 2) : data));
  }],
  "fills empty attachments": [["binary", "browser", "acks"], () => {
    messages((data, send) => send(Buffer.isBuffer(data) && data.length === 0 ? Buffer.of(0) : data));
  }],
  "turns attachments round": [["binary"], () => incoming((args) => {
    const buffers = args.filter(Buffer.isBuffer);
    return args.map((arg) => (Buffer.isBuffer(arg) ? buffers.pop() : arg));
  })],
  "has numbers of 32 bits": [["events"], () => incoming((args) => args.map((a) => (typeof a === "number" ? a | 0 : a)))],
  "drops null": [["events", "binary"], () => incoming((args) => args.filter((arg) => arg !== null))],
  "drops arguments after the ninth": [["events", "acks"], () => incoming((args) => [...args.slice(0, 9), ...args.slice(-1)])],
  "trims names of events": [["events"], () => patch(Socket, "emit", (emit, name, ...args) => emit(name.slice(0, 20), ...args))],
  "disconnects when a handler fails": [["events"], () => {
    patch(Socket, "dispatch", function (dispatch, event) {
      if (event[0] === "fail") this.disconnect(true);
      else dispatch(event);
    });
  }],
  "knows no catch-all listener": [["events"], () => patch(Socket, "onAny", () => {})],

  // Acknowledgements
  "never acknowledges with binary data": [["acks", "binary"], () => patch(Socket, "ack", (ack, id) => {
    const send = ack(id);
    return (...args) => args.some(Buffer.isBuffer) || send(...args);
  })],
  "acknowledges by itself": [["acks", "reconnect"], () => patch(Socket, "dispatch", (dispatch, event) => {
    if (event[0] === "silence") event.at(-1)();
    else dispatch(event);
  })],
  "mixes acknowledgements up": [["acks"], () => patch(Socket, "ack", (ack, id) => ack(id % 10 === 3 ? id - 1 : id))],
  "acknowledges with one argument": [["acks"], () => patch(Socket, "ack", (ack, id) => (...args) => ack(id)(args[0]))],
  "takes one argument of an answer": [["acks"], () => {
    patch(Socket, "onack", (take, packet) => take({ ...packet, data: packet.data.slice(0, 1) }));
  }],
  "never stops waiting": [["acks"], () => [Socket, BroadcastOperator].forEach((type) => {
    patch(type, "timeout", (set) => set(60_000));
  })],
  "stops waiting at once": [["acks"], () => [Socket, BroadcastOperator].forEach((type) => {
    patch(type, "timeout", (set) => set(1));
  })],
  "loses an answer of a room": [["acks", "crowd"], () => {
    patch(Adapter, "broadcastWithAck", (broadcast, packet, options, count, answer) => {
      let first = true;
      broadcast(packet, options, count, (...args) => (first ? (first = false) : answer(...args)));
    });
  }],
  "disconnects for a late answer": [["acks"], () => patch(Socket, "onack", function (take, packet) {
    if (this.acks.has(packet.id)) take(packet);
    else this.disconnect(true);
  })],

  // Rooms and namespaces
  "ignores rooms": [["rooms", "acks"], () => patch(Adapter, "apply", (apply, options, each) => {
    apply({ ...options, rooms: new Set() }, each);
  })],
  "counts members by room": [["rooms"], () => patch(Adapter, "apply", function (apply, { rooms, except }, each) {
    if (rooms.size === 0) apply({ rooms, except }, each);
    for (const room of rooms) apply({ rooms: new Set([room]), except }, each);
  })],
  "broadcasts late": [["rooms"], () => patch(Adapter, "broadcast", (broadcast, ...args) => setTimeout(broadcast, 5, ...args))],
  "ignores except": [["rooms"], () => patch(Adapter, "computeExceptSids", () => new Set())],
  "never leaves a room": [["rooms"], () => patch(Adapter, "del", () => {})],
  "knows sockets by their connection's id": [["rooms"], (io) => io.on("connection", (socket) => socket.join(socket.conn.id))],
  "keeps who is gone": [["rooms", "disconnect", "crowd", "admission", "heartbeat"], () => {
    patch(Adapter, "delAll", () => {});
    patch(Namespace, "_remove", () => {});
  }],
  "forgets clients that poll": [["rooms", "binary", "crowd"], () => patch(Client, "writeToEngine", function (write, packets, options) {
    if (!options.preEncoded || this.conn.transport.name === "websocket") write(packets, options);
  })],
  "broadcasts to every namespace": [["namespaces"], (io) => patch(Adapter, "broadcast", function (broadcast, packet, options) {
    for (const { adapter, sockets, name } of io._nsps.values()) {
      if (adapter === this) broadcast(packet, options);
      else if (options.rooms.size === 0 && !name.startsWith("/_")) sockets.forEach((socket) => socket.emit(...packet.data));
    }
  })],
  "shares rooms between namespaces": [["namespaces"], (io) => patch(Adapter, "broadcast", function (broadcast, packet, options) {
    broadcast(packet, options);
    for (const room of options.rooms) {
      if (this.nsp.name !== "/") io.to(room).emit(...packet.data);
    }
  })],
  "gives a socket its connection's id": [["namespaces"], () => patch(Namespace, "_createSocket", async (create, client, auth) => {
    return Object.defineProperty(await create(client, auth), "id", { value: client.id });
  })],
  "makes unknown namespaces": [["namespaces"], (io) => (io._checkNamespace = (name, auth, decide) => decide(io.of(name)))],
  "closes for an unknown namespace": [["namespaces"], () => patch(Client, "_packet", function (write, packet, options) {
    if (packet.type === 4) this.conn.close();
    else write(packet, options);
  })],
  "closes when one namespace is left": [["namespaces", "disconnect"], () => patch(Client, "_remove", function (remove, socket) {
    remove(socket);
    this.close();
  })],

  // Admission
  "lets everybody in": [["admission"], () => patch(Namespace, "run", (run, socket, decide) => decide())],
  "refuses without data": [["admission"], () => patch(Socket, "_error", (refuse, { message }) => refuse({ message }))],
  "refuses without a message": [["admission"], () => patch(Socket, "_error", (refuse, { data }) => refuse({ message: "no", data }))],
  "serves who waits": [["admission"], () => patch(Namespace, "run", function (run, socket, decide) {
    this.sockets.set(socket.id, socket);
    run(socket, decide);
  })],
  "broadcasts to who waits": [["admission"], () => patch(Adapter, "apply", function (apply, options, each) {
    apply(options, each);
    if (options.rooms.has("waiting")) this.nsp._preConnectSockets.forEach(each);
  })],
  "broadcasts to the refused": [["admission"], () => {
    const refused = [];
    patch(Socket, "_error", function (refuse, error) {
      refused.push(this);
      refuse(error);
    });
    patch(Adapter, "apply", function (apply, options, each) {
      apply(options, each);
      refused.filter(({ nsp }) => nsp === this.nsp).forEach(each);
    });
  }],
  "serves the refused": [["admission"], () => patch(Socket, "_error", function (refuse, error) {
    refuse(error);
    this.client.nsps.set(this.nsp.name, this);
    this.nsp.emitReserved("connection", this);
  })],
  "admits who is gone": [["admission"], () => patch(Namespace, "run", function (run, socket, decide) {
    run(socket, (refusal) => (socket.conn.readyState === "open" ? decide(refusal) : this.sockets.set(socket.id, socket)));
  })],
  "forgets auth": [["admission", "reconnect"], () => patch(Namespace, "_createSocket", async (create, client, auth) => {
    const socket = await create(client, auth);
    socket.handshake.auth = {};
    return socket;
  })],
  "hides the handshake": [["admission"], () => patch(Socket, "buildHandshake", (build, auth) => {
    return { ...build(auth), query: {}, headers: {} };
  })],

  // Volatile
  "keeps what is volatile": [["volatile"], () => patch(Client, "writeToEngine", (write, packets, options) => {
    write(packets, { ...options, volatile: false });
  })],
  "drops what is volatile": [["volatile"], () => patch(Client, "writeToEngine", (write, packets, options) => {
    if (!options.volatile) write(packets, options);
  })],
  "keeps one volatile message": [["volatile"], () => patch(Client, "writeToEngine", function (write, packets, options) {
    write(packets, { ...options, volatile: options.volatile && this.conn.writeBuffer.length > 0 });
  })],

  // Disconnection
  "gives one reason for all ends": [["disconnect", "reconnect", "heartbeat"], () => {
    patch(Socket, "_onclose", (end) => end("transport close"));
  }],
  "gives other reasons": [["disconnect", "limits"], () => patch(Socket, "_onclose", (end, reason) => end(`${reason}!`))],
  "reports an end twice": [["disconnect"], () => patch(Socket, "_onclose", function (end, reason) {
    end(reason);
    this.emitReserved("disconnect", reason);
  })],
  "disconnects without a word": [["disconnect", "rooms", "upgrade"], () => patch(Socket, "disconnect", function () {
    this._onclose("server namespace disconnect");
    this.conn.close();
  })],
  "forgets what it had to say": [["disconnect"], () => patch(Socket, "disconnect", function (disconnect, close) {
    this.conn.writeBuffer.length = 0;
    disconnect(close);
  })],
  "never closes the connection": [["admission"], () => patch(Client, "close", () => {})],
  "says 41 when it is shut down": [["reconnect", "browser"], (io) => {
    const close = io.close.bind(io);
    io.close = (done) => {
      for (const { sockets } of io._nsps.values()) sockets.forEach((socket) => socket.packet({ type: 1 }));
      setTimeout(close, 20, done);
    };
  }],
  "ends with an error": [["rooms"], () => process.on("exit", () => (process.exitCode = 1))],
  "does not end": [["rooms"], (io) => (io.close = () => {})],
  "reports a leak": [["rooms"], () => console.error("LEAK: not released")],

  // Heartbeat
  "never pings": [["heartbeat"], () => patch(EngineSocket, "schedulePing", () => {})],
  "announces a longer heartbeat": [["heartbeat"], () => patch(EngineSocket, "sendPacket", (send, type, data, ...rest) => {
    send(type, type === "open" ? data.replace('"pingTimeout":', '"pingTimeout":99') : data, ...rest);
  })],
  "pings too often": [["heartbeat"], () => patch(EngineSocket, "schedulePing", function () {
    const timer = setInterval(() => this.sendPacket("ping"), 100);
    this.once("close", () => clearInterval(timer));
  })],
  "waits for answers for ever": [["heartbeat"], () => patch(EngineSocket, "resetPingTimeout", () => {})],
  "overhears answers": [["heartbeat"], () => patch(EngineSocket, "onPacket", (take, packet) => {
    if (packet.type !== "pong") take(packet);
  })],

  // Upgrade
  "loses a message at an upgrade": [["upgrade"], () => atUpgrade(() => {})],
  "doubles a message at an upgrade": [["upgrade"], () => atUpgrade((send) => [send(), send()])],
  "delays a message at an upgrade": [["upgrade"], () => atUpgrade((send) => setTimeout(send, 30))],
  "offers no upgrade": [["upgrade", "events"], (io) => (io.engine.opts.allowUpgrades = false)],
  "offers no long-polling": [["blocked-websocket"], (io) => (io.engine.opts.transports = ["websocket"])],
  "closes when an upgrade fails": [["blocked-websocket"], () => patch(EngineSocket, "_maybeUpgrade", function (upgrade, transport) {
    upgrade(transport);
    const fail = () => this.upgraded || this.close();
    transport.once("close", fail).once("error", fail);
  })],
  "leaves rooms at an upgrade": [["upgrade"], (io) => {
    const leave = (socket) => socket.conn.once("upgrade", () => socket.rooms.forEach((room) => socket.leave(room)));
    io.on("connection", leave);
    io.of("/chat").on("connection", leave);
  }],

  // Limits
  "takes less than the limit": [["limits"], (io) => {
    io.engine.ws.options.maxPayload = 999_999;
    io.engine.opts.maxHttpBufferSize = 999_999;
    patch(EngineSocket, "sendPacket", (send, type, data, ...rest) => {
      send(type, type === "open" ? data.replace("999999", "1000000") : data, ...rest);
    });
  }],
  "takes more than the limit": [["limits"], (io) => {
    io.engine.ws.options.maxPayload = 0;
    io.engine.opts.maxHttpBufferSize = 9_000_000;
    patch(EngineSocket, "sendPacket", (send, type, data, ...rest) => {
      send(type, type === "open" ? data.replace("9000000", "1000000") : data, ...rest);
    });
  }],
  "serves 199 clients": [["crowd"], (io) => io.engine.on("connection", (conn) => io.engine.clientsCount > 199 && conn.close())],

  // Browsers
  "sends no CORS headers": [["browser"], (io) => (io.engine.middlewares.length = 0)],
  "answers no preflight": [["browser"], (io) => {
    io.engine.use((request, response, next) => (request.method === "OPTIONS" ? response.writeHead(400).end() : next()));
    io.engine.middlewares.reverse();
  }],
  "serves no client": [["browser"], (io) => io.httpServer.prependListener("request", (request, response) => {
    if (request.url.includes(".js")) response.destroy();
  })],
};

export function inject(name, io) {
  if (FAULTS[name] === undefined) throw new Error(`No fault '${name}'; there are: ${Object.keys(FAULTS).join(", ")}`);
  const [, fault] = FAULTS[name];
  fault(io);
}
