// Connection state recovery, where the reference recovers too: once, and after the client has received an event.

import { scenario } from "../scenario.mjs";

const RECOVERY = { recovery: true };

/** Two clients of a room, of which the first has received an event. */
async function pair(s, options) {
  const [a, b] = [await s.join("a", options), await s.join("b", options)];
  await a.ask("join", "r");
  await a.ask("set data", "x", { y: [1] });
  await b.ask("emit", { from: "all", to: ["r"] }, "first", 0);
  await s.settle();
  return [a, b];
}

scenario("recovery: what was missed comes in order, rooms and data are there", async (s) => {
  const [a, b] = await pair(s);
  await s.cut(a);
  for (let i = 1; i <= 5; i++) await b.ask("emit", { from: "all", to: ["r"] }, "missed", i, ...(i % 2 ? [Buffer.from([i])] : []));
  await a.back();
  await a.rooms();
  await a.ask("data");
  await b.ask("emit", { from: "all", to: ["r"] }, "after", 6);
}, RECOVERY);

scenario("recovery: nothing was missed", async (s) => {
  const [a, b] = await pair(s);
  await s.cut(a);
  await a.back();
  await a.rooms();
  await b.ask("emit", { from: "others" }, "after", 1);
}, RECOVERY);

scenario("recovery: only what was meant for the client", async (s) => {
  const [a, b] = await pair(s);
  await a.ask("join", "out");
  await s.cut(a);
  await b.ask("emit", { from: "all" }, "to all", 1);
  await b.ask("emit", { from: "all", to: ["elsewhere"] }, "elsewhere", 2);
  await b.ask("emit", { from: "all", except: ["out"] }, "except", 3);
  await b.ask("emit", { from: "all", to: ["r", "elsewhere"] }, "to either", 4);
  await b.ask("emit", { from: "others", volatile: true }, "volatile", 5);
  await b.ask("ask all", 50, { from: "all", to: ["r"] }, "question");
  await a.back();
}, RECOVERY);

scenario("recovery: not after the client has left", async (s) => {
  const [a, b] = await pair(s);
  a.socket.disconnect();
  await a.lost();
  await s.settle();
  await b.ask("emit", { from: "all" }, "missed", 1);
  await a.back();
  await a.query(([rooms]) => rooms.length, "rooms");
  await a.ask("data");
}, RECOVERY);

scenario("recovery: not after the server has disconnected", async (s) => {
  const [a, b] = await pair(s);
  a.send("kick", {}, false);
  await a.lost();
  await b.ask("emit", { from: "all" }, "missed", 1);
  await a.back();
  await a.query(([rooms]) => rooms.length, "rooms");
}, RECOVERY);

scenario("recovery: middleware is not asked again", async (s) => {
  const [a] = await pair(s, { namespace: "/members", auth: { user: "Ada" } });
  await s.cut(a);
  a.socket.auth = { user: "banned" };
  await a.back();
  await a.ask("data");
}, { ...RECOVERY, alone: true });

scenario("recovery: acknowledgements go on", async (s) => {
  const [a, b] = await pair(s);
  a.answers("question", (ack, given) => ack(given));
  await s.cut(a);
  await a.back();
  await a.ask("echo", 1);
  await a.ask("ask", 5000, "question", 2);
  await b.query(([how, answers]) => [how, answers], "ask all", 5000, { from: "others" }, "question", 3);
}, RECOVERY);
