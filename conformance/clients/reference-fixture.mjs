// The fixture of ../README.md on npm's socket.io, to check the tests themselves with.
//
//   node reference-fixture.mjs PORT [--ping-interval MS] [--ping-timeout MS] [--upgrade-timeout MS] [--max-payload BYTES]
//                                   [--allow-eio3] [--parser msgpack] [--until-eof] [--fault NAME]
//
// --fault breaks it on purpose in the way that faults.mjs says, so that a test which never fails is found.

import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Server } from "socket.io";
import msgpack from "socket.io-msgpack-parser";
import { inject } from "./faults.mjs";
import { addScenarioNamespaces, serveScenarios } from "./reference-scenarios.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "ping-interval": { type: "string", default: "25000" },
    "ping-timeout": { type: "string", default: "20000" },
    "upgrade-timeout": { type: "string", default: "10000" },
    "max-payload": { type: "string", default: "1000000" },
    "allow-eio3": { type: "boolean" },
    parser: { type: "string" },
    recovery: { type: "string" },
    "until-eof": { type: "boolean" },
    fault: { type: "string" },
  },
});

const http = createServer((request, response) => response.writeHead(404).end());
const io = new Server(http, {
  pingInterval: Number(flags["ping-interval"]),
  pingTimeout: Number(flags["ping-timeout"]),
  upgradeTimeout: Number(flags["upgrade-timeout"]),
  maxHttpBufferSize: Number(flags["max-payload"]),
  allowEIO3: flags["allow-eio3"] ?? false,
  cors: { origin: "*" },
  ...(flags.parser === "msgpack" && { parser: msgpack }),
  connectionStateRecovery: flags.recovery ? { maxDisconnectionDuration: Number(flags.recovery) } : undefined,
});

io.on("connection", serve);
io.of("/chat").on("connection", serve);
io.of(/^\/dynamic-\d+$/).on("connection", serve);
io.of("/guarded").use(admit).on("connection", serve);
io.of("/mirror").on("connection", (socket) => {
  announceEnd(socket);
  socket.onAny((event, ...args) => socket.emit(event, ...args));
});

addScenarioNamespaces(io, serve);

async function admit(socket, next) {
  const { token, delay = 0 } = socket.handshake.auth;
  socket.join("waiting");
  await sleep(delay);
  if (token === "let-me-in") return next();
  const refusal = new Error(token === "bare" ? "no reason given" : "not authorized");
  if (token !== "bare") refusal.data = { code: 401, wanted: ["token"] };
  next(refusal);
}

function serve(socket) {
  announceEnd(socket);
  serveRooms(socket);
  serveEmits(socket);
  serveFlow(socket);
  serveScenarios(socket, recipients);

  socket.on("echo", (...args) => {
    const ack = args.at(-1);
    if (typeof ack === "function") ack(...args.slice(0, -1));
    else socket.emit("echo", ...args);
  });
  socket.on("info", (ack) => {
    const { auth, query, headers } = socket.handshake;
    ack({
      id: socket.id,
      namespace: socket.nsp.name,
      transport: socket.conn.transport.name,
      auth,
      query: query.probe ?? null,
      header: headers["x-probe"] ?? null,
    });
  });
  socket.on("recovered", (ack) => ack(socket.recovered));
  socket.on("kept", (ack) => {
    const packets = socket.nsp.adapter.packets ?? [];
    ack({ packets: packets.length, bytes: JSON.stringify(packets.map(({ data }) => data)).length });
  });
  socket.on("stream", (room, count, perSecond, ack) => {
    const start = performance.now();
    let n = 0;
    const timer = setInterval(() => {
      for (; n < count && n <= ((performance.now() - start) * perSecond) / 1000; n++) socket.nsp.to(room).emit("tick", n);
      if (n === count) clearInterval(timer);
    }, 1000 / perSecond);
    ack();
  });
  socket.on("silence", () => {});
  socket.on("fail", () => {
    throw new Error("the handler of 'fail' fails");
  });
  socket.on("kick", (target, close) => {
    if (target.from === undefined) socket.disconnect(close);
    else recipients(socket, target).disconnectSockets(close);
  });

  const collected = [];
  socket.on("collect", (number) => collected.push(number));
  socket.on("collected", (ack) => ack(collected));
}

function announceEnd(socket) {
  socket.on("disconnect", (reason) => console.log(`gone ${socket.id} ${reason}`));
}

function serveRooms(socket) {
  socket.on("join", (rooms, ack) => {
    socket.join(rooms);
    ack();
  });
  socket.on("leave", (room, ack) => {
    socket.leave(room);
    ack();
  });
  socket.on("rooms", (ack) => ack([...socket.rooms].sort()));
  socket.on("count", (ack) => ack(socket.nsp.sockets.size));
}

function serveEmits(socket) {
  socket.on("emit", (target, event, ...args) => {
    const ack = args.pop();
    recipients(socket, target).emit(event, ...args);
    ack();
  });
  socket.on("burst", (target, count, payload, ack) => {
    for (let i = 0; i < count; i++) recipients(socket, target).emit("burst", i, payload);
    ack();
  });
  socket.on("ask", (timeoutMillis, event, ...args) => {
    const ack = args.pop();
    socket.timeout(timeoutMillis).emit(event, ...args, (error, ...answer) => {
      if (error) ack("timeout");
      else ack("answered", ...answer);
    });
  });
  socket.on("ask all", (timeoutMillis, target, event, ...args) => {
    const ack = args.pop();
    recipients(socket, target).timeout(timeoutMillis).emit(event, ...args, (error, answers) => {
      ack(error ? "timeout" : "answered", answers);
    });
  });
}

/** What an emit to the target is made through. */
function recipients(socket, { from = "self", to = [], except = [], volatile = false, compress, local = false }) {
  const source = { self: socket, others: socket.broadcast, all: socket.nsp }[from];
  let operator = from === "self" ? source : source.to(to).except(except);
  if (compress !== undefined) operator = operator.compress(compress);
  if (local) operator = operator.local;
  return volatile ? operator.volatile : operator;
}

/** Numbered events on a timer, every fourth with an attachment, independent of what arrives meanwhile. */
function serveFlow(socket) {
  let timer;
  let sent = 0;
  socket.on("flow", (on, ack) => {
    clearInterval(timer);
    if (on) timer = setInterval(tick, 1);
    ack(sent);
  });
  socket.on("disconnect", () => clearInterval(timer));

  function tick() {
    for (let i = 0; i < 3; i++) {
      if (sent % 4 === 3) socket.emit("flow", sent, Buffer.from([sent % 256]));
      else socket.emit("flow", sent);
      sent++;
    }
  }
}

function end() {
  io.close(() => process.exit(0));
  // The Java client never answers a WebSocket's close frame, and would be waited for.
  setTimeout(() => process.exit(0), 1000);
}

process.on("SIGTERM", end);
if (flags["until-eof"]) process.stdin.on("end", end).on("error", end).resume();

if (flags.fault) inject(flags.fault, io);
http.listen(Number(positionals[0] ?? 0), "127.0.0.1", () => {
  console.log(`ready ${http.address().port}`);
  // A handler's exception ends a Node.js process unless someone takes it.
  process.on("uncaughtException", (error) => console.error(error.message));
});
