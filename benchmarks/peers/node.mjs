// Node.js with npm's socket.io on its default engine and `ws`. Run with --expose-gc.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { deflate, pingInterval, port, ready, recovery, serve } from "./fixture.mjs";

const http = createServer();
serve(
  new Server(http, { pingInterval, connectionStateRecovery: recovery, perMessageDeflate: deflate && { threshold: 1024 } }),
);
http.listen(port, "127.0.0.1", () => ready(globalThis.gc));
