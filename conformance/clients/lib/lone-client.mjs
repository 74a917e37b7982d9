// A client in a process of its own, so that a test can stop or end that process. Prints what happens to it.
//
//   node lone-client.mjs URL TRANSPORT

import { TRANSPORTS } from "./client.mjs";
import { io } from "./release.mjs";

const [url, transport] = process.argv.slice(2);
const socket = io(url, { ...TRANSPORTS[transport], reconnectionDelay: 50, reconnectionDelayMax: 100 });
socket.on("connect", () => {
  const { engine } = socket.io;
  const announce = () => console.log(`connected ${socket.id}`);
  if (transport === "upgrade" && engine.transport.name === "polling") engine.once("upgrade", announce);
  else announce();
});
socket.on("disconnect", (reason) => console.log(`disconnected ${reason}`));
process.stdin.on("end", () => process.exit()).resume();
