// A Node.js peer for the tests: Socket.IO servers with the adapters of npm, clients of any server, emitters. It is told what to do
// by lines of JSON, {id, op, …}, and answers each with one, {id, value} or {id, error}. What clients and servers receive, it tells
// by lines {who, event, args}. Binary data is {"$bin": "hex"}.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { createClient } from "redis";
import { Server } from "socket.io";
import { io as connect } from "socket.io-client";

const require = createRequire(import.meta.url);
const { createAdapter, createShardedAdapter } = require("@socket.io/redis-adapter");
const { createAdapter: createStreamsAdapter } = require("@socket.io/redis-streams-adapter");
const { Emitter } = require("@socket.io/redis-emitter");

const servers = new Map();
const clients = new Map();
const emitters = new Map();

const out = (value) => value === undefined ? null
  : Buffer.isBuffer(value) || value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? { $bin: Buffer.from(value.buffer ? Buffer.from(value) : value).toString("hex") }
    : Array.isArray(value) ? value.map(out)
      : value !== null && typeof value === "object" && !(value instanceof Date) && !(value instanceof Set)
        ? Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]) => [key, out(each)]))
        : value instanceof Set ? [...value] : value;
const into = (value) => Array.isArray(value) ? value.map(into)
  : value !== null && typeof value === "object"
    ? "$bin" in value ? Buffer.from(value.$bin, "hex")
      : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, into(each)]))
    : value;
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const tell = (who, event, args) => say({ who, event, args: args.map(out) });

async function redisClient(url) {
  const client = createClient({ url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function makeAdapter(kind, url, options) {
  const client = await redisClient(url);
  if (kind === "streams") {
    return createStreamsAdapter(client, options);
  }
  const sub = await redisClient(url);
  return kind === "sharded" ? createShardedAdapter(client, sub, options) : createAdapter(client, sub, options);
}

/** The operator that a command is about: {nsp, to, except, volatile, compress, local, timeout}. */
function operator(nsp, command) {
  let result = nsp;
  for (const room of command.to ?? []) result = result.to(room);
  for (const room of command.except ?? []) result = result.except(room);
  if (command.volatile) result = result.volatile;
  if (command.compress !== undefined) result = result.compress(command.compress);
  if (command.local) result = result.local;
  if (command.timeout !== undefined) result = result.timeout(command.timeout);
  return result;
}

const target = (command) => operator(
  (servers.get(command.server) ?? emitters.get(command.server)).of(command.nsp ?? "/"), command);

const operations = {
  async server({ name, kind, redis, options, namespaces }) {
    const http = createServer();
    const io = new Server(http, { adapter: await makeAdapter(kind, redis, options ?? {}) });
    for (const nsp of namespaces ?? ["/"]) {
      io.of(nsp).on("connection", (socket) => {
        socket.data.via = name;
        socket.on("join", (room, done) => { socket.join(room); done(); });
        socket.on("rooms", (done) => done([...socket.rooms]));
      });
      io.of(nsp).on("question", (...args) => {
        const ack = args.pop();
        if (typeof ack === "function") {
          ack({ from: name, args });
        } else {
          args.push(ack);
        }
        tell(name, `${nsp} question`, args);
      });
    }
    servers.set(name, io);
    await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
    return http.address().port;
  },
  async emitter({ name, redis, options }) {
    emitters.set(name, new Emitter(await redisClient(redis), options ?? {}));
  },
  client({ name, url, transports }) {
    return new Promise((resolve, reject) => {
      const client = connect(url, { transports, forceNew: true, reconnection: false });
      client.onAny((event, ...args) => {
        const ack = args.length > 0 && typeof args[args.length - 1] === "function" ? args.pop() : undefined;
        ack?.(into({ ack: name, args: out(args) }));
        tell(name, event, args);
      });
      client.on("connect", () => resolve(client.id));
      client.on("connect_error", reject);
      client.on("disconnect", (reason) => tell(name, "disconnect", [reason]));
      clients.set(name, client);
    });
  },
  async ask({ client, event, args }) {
    return out(await clients.get(client).timeout(10_000).emitWithAck(event, ...into(args)));
  },
  emit(command) {
    target(command).emit(...into(command.args));
  },
  async emitWithAck(command) {
    return out(await target(command).emitWithAck(...into(command.args)));
  },
  async fetch(command) {
    const sockets = await target(command).fetchSockets();
    return sockets.map(({ id, rooms, data, handshake }) => ({ id, rooms: [...rooms], data, handshake }));
  },
  join(command) {
    target(command).socketsJoin(command.rooms);
  },
  leave(command) {
    target(command).socketsLeave(command.rooms);
  },
  disconnect(command) {
    target(command).disconnectSockets(command.close);
  },
  serverSideEmit({ server, nsp, args }) {
    (servers.get(server) ?? emitters.get(server)).of(nsp ?? "/").serverSideEmit(...into(args));
  },
  async serverSideEmitWithAck({ server, nsp, args }) {
    return out(await servers.get(server).of(nsp ?? "/").serverSideEmitWithAck(...into(args)));
  },
  count({ server, nsp }) {
    return servers.get(server).of(nsp ?? "/").adapter.serverCount();
  },
  async allRooms({ server, nsp }) {
    return [...await servers.get(server).of(nsp ?? "/").adapter.allRooms()];
  },
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const command = JSON.parse(line);
  try {
    say({ id: command.id, value: (await operations[command.op](command)) ?? null });
  } catch (error) {
    say({ id: command.id, error: String(error?.stack ?? error) });
  }
}).on("close", () => process.exit(0));
