// Bun with npm's socket.io on the engine made for it.
import { Server as Engine } from "@socket.io/bun-engine";
import { Server } from "socket.io";
import { pingInterval, port, ready, recovery, serve } from "./fixture.mjs";

const io = new Server({ connectionStateRecovery: recovery });
const engine = new Engine({ path: "/socket.io/", pingInterval });
io.bind(engine);
serve(io);
Bun.serve({ hostname: "127.0.0.1", port, ...engine.handler() });
ready(() => Bun.gc(true));
