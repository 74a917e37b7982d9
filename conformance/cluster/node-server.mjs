// One node of a cluster over Redis streams, on npm's socket.io: what ClusterNode is on Sockeye.
//   node node-server.mjs PORT --redis redis://127.0.0.1:6379 [--max-len N]
import { createServer } from "node:http";
import { createClient } from "redis";
import { Server } from "socket.io";
import { createAdapter } from "@socket.io/redis-streams-adapter";
import { flags } from "./lib/flags.mjs";

const { port, redis, "max-len": maxLen } = flags(process.argv.slice(2), { redis: "", "max-len": 100_000 });

const client = createClient({ url: redis });
client.on("error", () => {}); // it reconnects
await client.connect();

const http = createServer();
const io = new Server(http, {
  adapter: createAdapter(client, { maxLen: Number(maxLen) }),
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});

io.on("connection", (socket) => {
  socket.on("emit", (room, number, ack) => {
    (room ? io.to(room) : io).emit("n", number);
    ack();
  });
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("leave", (room, ack) => {
    socket.leave(room);
    ack();
  });
});

process.on("SIGTERM", () => io.close(() => process.exit(0)));
http.listen(port, "127.0.0.1", () => console.log("listening"));
