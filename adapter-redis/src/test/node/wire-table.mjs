// Prints what the npm packages write to Redis for a list of operations, with fixed ids: the table that the codecs of Sockeye are
// held against. Each line: format, operation, where it goes, the bytes in hexadecimal digits.
//
//   npm ci && npm run table

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("node:crypto").randomBytes = (length) => Buffer.alloc(length, 0x05); // before anybody takes it
const { RedisAdapter, createShardedAdapter } = require("@socket.io/redis-adapter");
const { createAdapter: createStreamsAdapter } = require("@socket.io/redis-streams-adapter");
const { Emitter } = require("@socket.io/redis-emitter");

const lines = [];
let format = "";
let operation = "";

const hex = (payload) => Buffer.from(payload).toString("hex");
const print = (target, payload) => lines.push(`${format} ${operation} ${target} ${hex(payload)}`);

/** Stands for a connected client of the "redis" package. */
class RecordingClient {
  constructor() {
    this.subscribed = {};
  }
  on() {}
  off() {}
  listenerCount() { return 2; }
  duplicate() { return new RecordingClient(); }
  async connect() {}
  disconnect() {}
  pSubscribe() {}
  subscribe() {}
  sSubscribe() {}
  xRead() { return new Promise(() => {}); }
  async publish(channel, payload) { print(channel, payload); return 1; }
  async sPublish(channel, payload) { print(channel, payload); return 1; }
  async xAdd(stream, id, fields) {
    for (const [name, value] of Object.entries(fields)) {
      print(`${stream}:${name}`, value);
    }
    return "1-0";
  }
  async sendCommand() { return ["", "3"]; }
}

const socket = {
  id: "s1",
  handshake: { headers: { a: "b" }, time: "now", address: "::1" },
  rooms: new Set(["s1", "r"]),
  data: { user: "é" },
};
const namespace = (name) => ({
  name,
  sockets: new Map([["s1", socket]]),
  server: { opts: {}, encoder: null, _opts: {} },
  _onServerSideEmit(args) {
    const ack = args[args.length - 1];
    if (typeof ack === "function") {
      ack({ got: 1 });
    }
  },
});

const to = (rooms = [], except = [], flags = {}) => ({ rooms: new Set(rooms), except: new Set(except), flags });
const packet = (...data) => ({ type: 2, data });
const ARGS = {
  text: ["hello", 1, "é"],
  empty: ["hello"],
  numbers: ["n", 0, -1, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, -32, -33, -129, -32769, 1.5, 1e15, -0.25],
  nested: ["n", { a: [1, { b: null }], "": true }, [[]], false],
  unicode: ["ünï", "😀 \u2028 \"\\\n\u0001"],
  binary: ["b", Buffer.from([1, 2, 255]), { deep: [Buffer.from([])] }],
  date: ["d", new Date(1e12), new Date(1e12 + 1)],
  undefined: ["u", undefined, { a: undefined, b: 1 }],
};

async function requests(adapter) {
  for (const [name, args] of Object.entries(ARGS)) {
    operation = `broadcast-${name}`;
    adapter.broadcast(packet(...args), to());
    await null;
  }
  operation = "broadcast-room";
  adapter.broadcast(packet("e"), to(["r"]));
  operation = "broadcast-numeric-room";
  adapter.broadcast(packet("e"), to(["42"]));
  operation = "broadcast-options";
  adapter.broadcast(packet("e"), to(["r", "q"], ["x"], { volatile: true, compress: false }));
  operation = "broadcast-ack";
  adapter.broadcastWithAck(packet("e", "x"), to(["r"], [], { timeout: 1000 }), () => {}, () => {});
  operation = "join";
  adapter.addSockets(to(["r"], ["x"]), ["a", "42"]);
  operation = "leave";
  adapter.delSockets(to(), ["a"]);
  operation = "disconnect";
  adapter.disconnectSockets(to(["r"]), true);
  operation = "fetch";
  adapter.fetchSockets(to(["r"], ["x"])).catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  operation = "server-side";
  adapter.serverSideEmit(["hi", 1, { a: "é" }]);
  operation = "server-side-ack";
  adapter.serverSideEmit(["hi", () => {}]);
  await new Promise((resolve) => setImmediate(resolve));
}

async function classic() {
  format = "classic";
  const client = new RecordingClient();
  const adapter = new RedisAdapter(namespace("/"), client, client, {});
  adapter.uid = "abcdef";
  await requests(adapter);
  operation = "fetch-response";
  adapter.fetchSockets = undefined;
  await adapter.onrequest("socket.io-request#/#",
    Buffer.from(JSON.stringify({ uid: "other1", requestId: "req001", type: 5, opts: { rooms: [], except: [] } })));
  operation = "server-side-response";
  await adapter.onrequest("socket.io-request#/#",
    Buffer.from(JSON.stringify({ uid: "other1", requestId: "req001", type: 6, data: ["hi"] })));
  operation = "client-count-response";
  Object.getPrototypeOf(RedisAdapter.prototype).broadcastWithAck = (p, o, count, ack) => {
    count(2);
    operation = "ack-response";
    ack({ a: Buffer.from([1]) });
    operation = "ack-response-text";
    ack("é");
    operation = "ack-response-nothing";
    ack(undefined);
  };
  await adapter.onrequest("socket.io-request#/#",
    Buffer.from(JSON.stringify({ uid: "other1", requestId: "req001", type: 7, packet: packet("e"), opts: { rooms: [], except: [] } })));

  format = "classic-namespace";
  operation = "broadcast-text";
  const other = new RedisAdapter(namespace("/my-nsp"), client, client, {});
  other.uid = "abcdef";
  other.broadcast(packet("e"), to());
}

async function cluster(name, adapter, emitsResponses) {
  format = name;
  adapter.uid = "0123456789abcdef";
  await requests(adapter);
  await emitsResponses(adapter);
}

async function clusterResponses(adapter) {
  const respond = (type, data) => adapter.publishResponse("fedcba9876543210", { type, data });
  const requestId = "00112233445566ff";
  operation = "fetch-response";
  respond(8, { requestId, sockets: [{ id: "s1", handshake: socket.handshake, rooms: ["s1", "r"], data: socket.data }] });
  operation = "server-side-response";
  respond(10, { requestId, packet: { got: 1 } });
  operation = "client-count-response";
  respond(11, { requestId, clientCount: 2 });
  operation = "ack-response";
  respond(12, { requestId, packet: { a: Buffer.from([1]) } });
  operation = "ack-response-text";
  respond(12, { requestId, packet: "é" });
  operation = "ack-response-nothing";
  respond(12, { requestId, packet: undefined });
  await null;
}

function emitter() {
  format = "emitter";
  const emitter = new Emitter(new RecordingClient());
  operation = "broadcast-text";
  emitter.emit(...ARGS.text);
  operation = "broadcast-binary";
  emitter.emit(...ARGS.binary);
  operation = "broadcast-room";
  emitter.to("r").emit("e");
  operation = "broadcast-options";
  emitter.to(["r", "q"]).except("x").volatile.compress(false).emit("e");
  operation = "join";
  emitter.in("r").except("x").socketsJoin(["a", "42"]);
  operation = "leave";
  emitter.socketsLeave("a");
  operation = "disconnect";
  emitter.in("r").disconnectSockets(true);
  operation = "server-side";
  emitter.serverSideEmit("hi", 1, { a: "é" });
}

const BaseAdapter = Object.getPrototypeOf(RedisAdapter.prototype);
BaseAdapter.broadcast = () => {};
BaseAdapter.broadcastWithAck = () => {};
BaseAdapter.fetchSockets = async () => [socket];
BaseAdapter.addSockets = () => {};
BaseAdapter.delSockets = () => {};
BaseAdapter.disconnectSockets = () => {};

await classic();
BaseAdapter.broadcastWithAck = () => {};
const shardedClient = new RecordingClient();
await cluster("sharded", createShardedAdapter(shardedClient, shardedClient, {})(namespace("/")), clusterResponses);
const streams = createStreamsAdapter(new RecordingClient())(namespace("/"));
await cluster("streams", streams, clusterResponses);
emitter();
process.stdout.write(lines.join("\n") + "\n", () => process.exit(0));
