// The benchmark fixture for npm's socket.io, whatever engine it runs on, and the process protocol of all fixtures:
// FIXTURE PORT [--ping-interval MS] [--deflate] [--recovery] [--until-eof]; prints "ready PORT"; answers "gc" and "allocated" on its standard input
// and, with --until-eof, ends with it, so that no server outlives its benchmark.
import { createInterface } from "node:readline";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};

export const port = Number(process.argv[2]);
export const pingInterval = Number(option("--ping-interval", 25_000));
export const recovery = process.argv.includes("--recovery") ? {} : undefined;
export const deflate = process.argv.includes("--deflate");

export function serve(io) {
  io.on("connection", (socket) => {
    socket.on("message", (...args) => socket.emit("message-back", ...args));
    socket.on("message-with-ack", (...args) => args.pop()(...args));
    socket.on("broadcast", (...args) => io.emit("broadcast", ...args));
    socket.on("join", (room) => socket.join(room));
    socket.on("to-room", (room, payload) => io.to(room).emit("room-msg", payload));
  });
}

export function ready(collectGarbage) {
  createInterface({ input: process.stdin })
    .on("line", (line) => {
      if (line === "gc") collectGarbage();
      console.log(line === "gc" ? "gc done" : "allocated unknown");
    })
    .on("close", () => process.argv.includes("--until-eof") && process.exit(0));
  console.log(`ready ${port}`);
}
