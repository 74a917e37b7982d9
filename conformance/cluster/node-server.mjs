// One node of a cluster over Redis, on npm's socket.io: what ClusterNode is on Sockeye.
//   node node-server.mjs PORT --redis redis://127.0.0.1:6379 [--adapter recovery] [--max-len N]
import { createServer } from "node:http";
import { createClient } from "redis";
import { Server } from "socket.io";
import { createAdapter as createClassicAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { createAdapter as createStreamsAdapter } from "@socket.io/redis-streams-adapter";
import { flags } from "./lib/flags.mjs";

const { port, redis, adapter, "max-len": maxLen } = flags(process.argv.slice(2), {
  redis: "",
  adapter: "recovery",
  "max-len": 100_000,
});

const client = createClient({ url: redis });
client.on("error", () => {}); // it reconnects
await client.connect();

const http = createServer();
const io = new Server(http, await settings());

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

async function settings() {
  switch (adapter) {
    case "classic":
      return { adapter: createClassicAdapter(client, await another()) };
    case "sharded":
      return { adapter: createShardedAdapter(client, await another()) };
    case "streams":
      return { adapter: createStreamsAdapter(client, { maxLen: Number(maxLen) }) };
    case "recovery":
      return {
        adapter: createStreamsAdapter(client, { maxLen: Number(maxLen) }),
        connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
      };
    default:
      throw new Error(`--adapter: ${adapter} (expected: classic, sharded, streams, recovery)`);
  }
}

/** A second connection, for what is subscribed to. */
async function another() {
  const subscriber = client.duplicate();
  subscriber.on("error", () => {}); // it reconnects
  await subscriber.connect();
  return subscriber;
}

process.on("SIGTERM", () => io.close(() => process.exit(0)));
http.listen(port, "127.0.0.1", () => console.log("listening"));
