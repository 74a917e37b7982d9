// Rooms and broadcasts.

import { scenario } from "../scenario.mjs";

const ALL = { from: "all" };
const OTHERS = { from: "others" };

scenario("rooms: joined one by one, all at once and twice", async (s) => {
  const [a] = await s.joinAll("a");
  await a.ask("join", "r1");
  await a.ask("join", ["r2", "r3", "r1"]);
  await a.ask("join", []);
  await a.rooms();
});

scenario("rooms: left, also without having been joined", async (s) => {
  const [a] = await s.joinAll("a");
  await a.ask("join", ["r1", "r2"]);
  await a.ask("leave", "r1");
  await a.ask("leave", "never");
  await a.rooms();
});

scenario("rooms: a socket leaves its own", async (s) => {
  const [a, b] = await s.joinAll("a", "b");
  await b.ask("emit", { from: "all", to: [a.socket.id] }, "before");
  await a.ask("leave", a.socket.id);
  await b.ask("emit", { from: "all", to: [a.socket.id] }, "after");
  await a.query(([rooms]) => rooms, "rooms");
});

scenario("rooms: names of any kind", async (s) => {
  const [a, b] = await s.joinAll("a", "b");
  for (const room of ["", " ", "\u00e9\ud83d\ude00", "__proto__", "x".repeat(300), "a,b"]) {
    await a.ask("join", room);
    await b.ask("emit", { from: "all", to: [room] }, "in", room.length);
  }
  await a.rooms();
});

scenario("broadcast: to everybody, with the sender", async (s) => {
  const [a] = await s.joinAll("a", "b", "c");
  await a.ask("emit", ALL, "news", 1, { x: [null] });
});

scenario("broadcast: to everybody but the sender", async (s) => {
  const [a] = await s.joinAll("a", "b", "c");
  await a.ask("emit", OTHERS, "news", 1);
});

scenario("broadcast: to a room, the sender in it", async (s) => {
  const [a, b] = await s.joinAll("a", "b", "c");
  await a.ask("join", "r");
  await b.ask("join", "r");
  await a.ask("emit", { from: "all", to: ["r"] }, "from the namespace");
  await a.ask("emit", { from: "others", to: ["r"] }, "from the socket");
});

scenario("broadcast: to several rooms, each socket once", async (s) => {
  const [a, b, c] = await s.joinAll("a", "b", "c", "d");
  await b.ask("join", ["r1", "r2"]);
  await c.ask("join", "r2");
  await a.ask("emit", { from: "all", to: ["r1", "r2", "nobody"] }, "news");
});

scenario("broadcast: except rooms", async (s) => {
  const [a, b, c] = await s.joinAll("a", "b", "c", "d");
  await b.ask("join", ["in", "out"]);
  await c.ask("join", "in");
  await a.ask("emit", { from: "all", to: ["in"], except: ["out"] }, "in but not out");
  await a.ask("emit", { from: "all", except: ["out"] }, "not out");
  await a.ask("emit", { from: "others", except: ["in"] }, "others not in");
  await a.ask("emit", { from: "all", except: ["in", "out", a.socket.id] }, "hardly anybody");
});

scenario("broadcast: to a single socket by its id", async (s) => {
  const [a, b] = await s.joinAll("a", "b", "c");
  await a.ask("emit", { from: "all", to: [b.socket.id] }, "private", Buffer.from([1, 2]));
  await a.ask("emit", { from: "others", to: [a.socket.id] }, "to itself");
});

scenario("broadcast: to nobody", async (s) => {
  const [a] = await s.joinAll("a", "b");
  await a.ask("emit", { from: "all", to: ["empty"] }, "news");
  await a.ask("emit", { from: "all", to: ["empty"], except: ["empty"] }, "news");
});

scenario("broadcast: binary data, many arguments and text of any kind", async (s) => {
  const [a] = await s.joinAll("a", "b");
  await a.ask("emit", ALL, "x", ...Array.from({ length: 30 }, (_, i) => i));
  await a.ask("emit", ALL, "x", Buffer.alloc(1000, 7), { nested: [Buffer.from([1]), { deep: Buffer.alloc(0) }] });
  await a.ask("emit", ALL, "\u65e5\u672c\u8a9e \ud83d\ude00", "\u0000\u2028\"\\</script>", "y".repeat(5000));
});

scenario("broadcast: in order, between direct emits", async (s) => {
  const [a] = await s.joinAll("a", "b");
  for (let i = 0; i < 5; i++) {
    await a.ask("emit", ALL, "to all", i);
    await a.ask("emit", {}, "to one", i);
  }
  await a.ask("burst", ALL, 20, "x");
});

scenario("broadcast: with and without compression, and to this server only", async (s) => {
  const [a] = await s.joinAll("a", "b");
  await a.ask("emit", { from: "all", compress: true }, "x", "y".repeat(3000));
  await a.ask("emit", { from: "all", compress: false }, "x", "y".repeat(3000));
  await a.ask("emit", { from: "others", local: true }, "x", 1);
  await a.ask("emit", { from: "self", compress: false }, "x", 2);
});

scenario("volatile: to connections that can take it", async (s) => {
  const [a] = await s.joinAll("a", "b");
  await s.settle();
  await a.ask("emit", { from: "others", volatile: true }, "news", 1);
  await s.settle();
  await a.ask("emit", { volatile: true }, "news", 2);
}, { transports: ["websocket"] });

scenario("rooms: of a socket that has gone are empty", async (s) => {
  const [a, b] = await s.joinAll("a", "b");
  await b.ask("join", ["r", "only b"]);
  await a.ask("join", "r");
  b.socket.disconnect();
  await b.lost();
  await s.settle();
  await a.fetch({ from: "all", to: ["r", "only b"] }, [a.socket.id]);
  await a.ask("count");
  await a.ask("emit", { from: "all", to: ["only b"] }, "x");
});

scenario("sockets: found by room, with rooms and data", async (s) => {
  const [a, b, c] = await s.joinAll("a", "b", "c");
  const names = [a, b, c].map(({ socket }) => socket.id);
  await b.ask("join", ["r1", "r2"]);
  await c.ask("join", "r2");
  await c.ask("set data", "name", { first: "C", list: [1, null] });
  await a.fetch({ from: "all" }, names);
  await a.fetch({ from: "others" }, names);
  await a.fetch({ from: "all", to: ["r1"] }, names);
  await a.fetch({ from: "all", to: ["r2"], except: ["r1"] }, names);
  await a.fetch({ from: "all", to: ["none"] }, names);
});

scenario("sockets: told one by one", async (s) => {
  const [a, b] = await s.joinAll("a", "b", "c");
  await b.ask("join", "r");
  await a.ask("tell", { from: "others" }, "hello", 1, Buffer.from([1]));
  await a.ask("tell", { from: "all", to: ["r"] }, "hello", 2);
});

scenario("sockets: made to join and to leave", async (s) => {
  const [a, b, c] = await s.joinAll("a", "b", "c");
  await a.ask("move", { from: "all" }, ["r1", "r2"], []);
  await a.ask("move", { from: "others" }, ["r3"], ["r1"]);
  await a.ask("move", { from: "all", to: [c.socket.id] }, [], ["r2", "r3"]);
  for (const client of [a, b, c]) await client.rooms();
  await a.ask("emit", { from: "all", to: ["r3"] }, "in r3");
});

scenario("sockets: disconnected together", async (s) => {
  const [a, b, c] = await s.joinAll("a", "b", "c");
  await b.ask("join", "out");
  await c.ask("join", "out");
  a.send("kick", { from: "all", to: ["out"] }, false);
  await Promise.all([b.lost(), c.lost()]);
  await a.ask("count");
});

scenario("sockets: disconnected together, with their connections", async (s) => {
  const [a, b, c] = await s.joinAll("a", "b", "c");
  a.send("kick", { from: "others" }, true);
  await Promise.all([b.lost(), c.lost()]);
  await a.ask("count");
});

scenario("sockets: counted", async (s) => {
  const [a] = await s.joinAll("a");
  await a.ask("count");
  const [b] = await s.joinAll("b");
  await b.ask("count");
  b.socket.disconnect();
  await s.settle();
  await a.fetch({ from: "all" }, [a.socket.id]);
  await a.ask("count");
});

scenario("data: set, replaced and read", async (s) => {
  const [a, b] = await s.joinAll("a", "b");
  await a.ask("data");
  await a.ask("set data", "x", 1);
  await a.ask("set data", "y", { list: ["\u00e9", 2.5, true] });
  await a.ask("set data", "x", "other");
  await a.ask("data");
  await b.ask("data");
});

scenario("server side: an event that no other server hears", async (s) => {
  const [a] = await s.joinAll("a", "b");
  await a.ask("server side", "ping", 1, "x");
});
