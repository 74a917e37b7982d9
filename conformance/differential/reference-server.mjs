// The reference: npm's socket.io (or engine.io with --engine), with the fixture of the two protocol specifications.
//
//   node reference-server.mjs PORT [--engine] [--ping-interval MS] [--ping-timeout MS] [--max-payload BYTES]
//                             [--connect-timeout MS] [--upgrade-timeout MS] [--no-cors] [--cors-origin ORIGIN]
//                             [--cookie] [--deflate] [--allow-eio3] [--parser msgpack] [--inline] [--until-eof]
//                             [--and PORT …]
//
// Prints `listening on PORT` once it accepts connections; with port 0 the system chooses one. What follows `--and` is
// another server in the same process, with settings of its own. `--inline` is for other servers, this one has one thread
// anyway. With `--until-eof` the process ends with its standard input.

import { once } from "node:events";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { attach } from "engine.io";
import { Server } from "socket.io";
import msgpack from "socket.io-msgpack-parser";

const FLAGS = {
  engine: { type: "boolean" },
  "ping-interval": { type: "string", default: "300" },
  "ping-timeout": { type: "string", default: "200" },
  "max-payload": { type: "string", default: "1000000" },
  "connect-timeout": { type: "string", default: "1000" },
  "upgrade-timeout": { type: "string", default: "10000" },
  "no-cors": { type: "boolean" },
  "cors-origin": { type: "string", default: "*" },
  cookie: { type: "boolean" },
  deflate: { type: "boolean" },
  "allow-eio3": { type: "boolean" },
  parser: { type: "string" },
  inline: { type: "boolean" },
  recovery: { type: "string" },
  "until-eof": { type: "boolean" },
};

function optionsOf(flags) {
  return {
    pingInterval: Number(flags["ping-interval"]),
    pingTimeout: Number(flags["ping-timeout"]),
    maxHttpBufferSize: Number(flags["max-payload"]),
    connectTimeout: Number(flags["connect-timeout"]),
    upgradeTimeout: Number(flags["upgrade-timeout"]),
    cors: flags["no-cors"] ? undefined : { origin: flags["cors-origin"] },
    cookie: flags.cookie ?? false,
    perMessageDeflate: flags.deflate ?? false,
    allowEIO3: flags["allow-eio3"] ?? false,
    ...(flags.parser === "msgpack" && { parser: msgpack }),
    connectionStateRecovery: flags.recovery ? { maxDisconnectionDuration: Number(flags.recovery) } : undefined,
  };
}

function serveEngine(http, options) {
  attach(http, options).on("connection", (socket) => {
    socket.on("data", (data) => socket.send(data));
  });
}

function serveSocketIo(http, options) {
  const io = new Server(http, options);

  io.on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth);
    socket.on("message", (...args) => socket.emit("message-back", ...args));
    socket.on("message-with-ack", (...args) => {
      const ack = args.pop();
      if (typeof ack === "function") ack(...args);
    });
  });

  io.of("/custom").on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth);
  });

  io.of("/refused").use((socket, next) => next(new Error("not authorized")));
  io.of("/refused-with-data").use((socket, next) => next(Object.assign(new Error("not authorized"), { data: { code: 401 } })));
}

// A peer can make the reference throw outside of any handler, which ends a Node.js process. Cases that do so would take
// the others down with them, so the exception is reported and the process lives on.
process.on("uncaughtException", (error) => {
  console.error(`uncaught: ${String(error.stack).split("\n").slice(0, 3).join(" | ")}`);
});

/** Starts one server. */
async function start(words) {
  const { values: flags, positionals } = parseArgs({ args: words, allowPositionals: true, options: FLAGS });
  const http = createServer((request, response) => {
    response.writeHead(404);
    response.end();
  });
  (flags.engine ? serveEngine : serveSocketIo)(http, optionsOf(flags));
  http.listen(Number(positionals[0] ?? 3000), "127.0.0.1");
  await once(http, "listening");
  console.log(`listening on ${http.address().port}`);
  if (flags["until-eof"]) process.stdin.resume().once("end", () => process.exit());
}

process.stdin.setMaxListeners(0); // one for each server
let rest = process.argv.slice(2);
for (let end = 0; end >= 0; rest = rest.slice(end + 1)) {
  end = rest.indexOf("--and");
  await start(end < 0 ? rest : rest.slice(0, end));
}
