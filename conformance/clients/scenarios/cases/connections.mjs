// Joining namespaces, being refused, leaving, and being told to.

import { scenario } from "../scenario.mjs";

scenario("joining: auth, query and header are seen", async (s) => {
  const read = ([{ id, ...info }]) => info;
  const a = await s.join("a", { auth: { token: "x", list: [1, null, { y: "\u00e9" }] }, query: { probe: "a b&c" }, extraHeaders: { "X-Probe": "head" } });
  await a.query(read, "info");
  const b = await s.join("b");
  await b.query(read, "info");
});

scenario("joining: the handshake", async (s) => {
  const a = await s.join("a", { query: { probe: "1" } });
  await a.ask("handshake");
}, { transports: ["websocket", "polling", "upgrade"] });

scenario("joining: an unknown namespace", async (s) => {
  await s.join("a", { namespace: "/nowhere" });
  await s.join("b", { namespace: "/dynamic-x" });
  await s.join("c", { namespace: "/dynamic-" });
});

scenario("joining: let in by middleware", async (s) => {
  const a = await s.join("a", { namespace: "/guarded", auth: { token: "let-me-in" } });
  await a.ask("echo", 1);
  await a.rooms();
});

scenario("joining: refused by middleware, with and without data", async (s) => {
  await s.join("a", { namespace: "/guarded", auth: { token: "wrong" } });
  await s.join("b", { namespace: "/guarded", auth: { token: "bare" } });
  await s.join("c", { namespace: "/guarded" });
});

scenario("joining: several middlewares and what they leave behind", async (s) => {
  const a = await s.join("a", { namespace: "/members", auth: { user: "Ada" } });
  await a.ask("data");
  const b = await s.join("b", { namespace: "/members" });
  await b.ask("data");
  await s.join("c", { namespace: "/members", auth: { user: "banned" } });
  await a.fetch({ from: "all" }, [a.socket.id, b.socket.id]);
}, { alone: true });

scenario("joining: a slow middleware, and events sent meanwhile", async (s) => {
  const joining = s.join("a", { namespace: "/guarded", auth: { token: "let-me-in", delay: 50 } });
  const a = await joining;
  await a.ask("echo", 1);
});

scenario("joining: refused, then let in over the same connection", async (s) => {
  const [a] = await s.joinAll("a");
  const b = await s.also("b", a, "/guarded", { auth: { token: "wrong" } });
  b.socket.auth = { token: "let-me-in" };
  b.socket.connect();
  await b.next("connect");
  await b.ask("echo", 1);
  await a.ask("echo", 2);
});

scenario("joining: namespaces made on demand by a predicate, with inherited middleware", async (s) => {
  const a = await s.join("a", { namespace: "/keyed-one", auth: { key: "k" } });
  const b = await s.join("b", { namespace: "/keyed-two", auth: { key: "k" } });
  await s.join("c", { namespace: "/keyed-one", auth: { key: "wrong" } });
  await s.join("d", { namespace: "/keyed-three", auth: { key: "wrong" } });
  await a.ask("data");
  await b.ask("data");
  await a.ask("emit", { from: "all" }, "in one");
  await b.ask("emit", { from: "all" }, "in two");
}, { alone: true });

scenario("joining: what the connection handler emits arrives first", async (s) => {
  const a = await s.join("a", { namespace: "/greeting", auth: { name: "A" } });
  await s.settle();
  await s.join("b", { namespace: "/greeting", auth: { name: "B" } });
  await s.settle();
  await a.rooms();
}, { alone: true });

scenario("joining: events emitted before the client is connected", async (s) => {
  const a = await s.join("a", { namespace: "/greeting", auth: { name: "A" } });
  await s.settle();
  a.socket.disconnect();
  await a.lost();
  for (let i = 0; i < 3; i++) a.send("echo", i);
  a.socket.connect();
  await a.next("connect");
  await s.settle();
}, { alone: true });

scenario("namespaces: several over one connection", async (s) => {
  const [a] = await s.joinAll("a");
  const chat = await s.also("chat", a, "/chat", { auth: { name: "C" } });
  const root = await s.also("root", a, "/");
  for (const client of [a, chat, root]) {
    await client.ask("join", `room of ${s.namespace}`);
    await client.query(([{ id, ...info }]) => info, "info");
  }
  await a.ask("emit", { from: "all", to: [`room of ${s.namespace}`] }, "x");
  await chat.ask("emit", { from: "all", to: [`room of ${s.namespace}`] }, "y", Buffer.from([1]));
});

scenario("namespaces: one is left, the others stay", async (s) => {
  const [a] = await s.joinAll("a");
  const chat = await s.also("chat", a, "/chat");
  chat.socket.disconnect();
  await chat.lost();
  await a.ask("echo", 1);
  chat.socket.connect();
  await chat.next("connect");
  await chat.ask("echo", 2);
});

scenario("namespaces: one is unknown, the others stay", async (s) => {
  const [a] = await s.joinAll("a");
  await s.also("b", a, "/nowhere");
  await a.ask("echo", 1);
});

scenario("namespaces: one made on demand, forgotten and made again", async (s) => {
  const [a] = await s.joinAll("a");
  await a.ask("join", "r");
  a.socket.disconnect();
  await a.lost();
  const [b] = await s.joinAll("b");
  await b.rooms();
  await b.query(([count]) => count <= 2, "count");
});

scenario("leaving: the client disconnects", async (s) => {
  const [a] = await s.joinAll("a");
  a.socket.disconnect();
  await a.lost();
});

scenario("leaving: the client closes its connection", async (s) => {
  const [a] = await s.joinAll("a");
  a.socket.io.engine.close();
  await a.lost();
});

scenario("leaving: the server disconnects", async (s) => {
  const [a] = await s.joinAll("a");
  a.send("kick", {}, false);
  await a.lost();
});

scenario("leaving: the server closes the connection", async (s) => {
  const [a] = await s.joinAll("a");
  a.send("kick", {}, true);
  await a.lost();
});

scenario("leaving: the server closes a connection of several namespaces", async (s) => {
  const [a] = await s.joinAll("a");
  const chat = await s.also("chat", a, "/chat");
  a.send("kick", {}, true);
  await Promise.all([a.lost(), chat.lost()]);
});

scenario("leaving: last words arrive before the disconnection", async (s) => {
  const [a] = await s.joinAll("a");
  a.send("last words", 5, false);
  await a.lost();
});

scenario("leaving: last words arrive before the end of the connection", async (s) => {
  const [a] = await s.joinAll("a");
  a.send("last words", 5, true);
  await a.lost();
});

for (const [how, leave] of [
  ["the client", (a) => a.socket.disconnect()],
  ["the client's connection", (a) => a.socket.io.engine.close()],
  ["the server", (a) => a.send("kick", {}, false)],
  ["the server, with the connection", (a) => a.send("kick", {}, true)],
]) {
  scenario(`leaving: rooms are there while disconnecting, and gone after it, by ${how}`, async (s) => {
    const [a, b] = await s.joinAll("a", "b");
    await a.ask("join", ["r1", "r2"]);
    await b.ask("join", "r1");
    await a.ask("watch", "r1");
    const heard = b.next("left");
    leave(a);
    await Promise.all([a.lost(), heard]);
    await b.ask("count");
  });
}

scenario("leaving: and coming back, with another id and no rooms", async (s) => {
  const [a, b] = await s.joinAll("a", "b");
  await a.ask("join", "r");
  const first = a.socket.id;
  a.socket.disconnect();
  a.socket.connect();
  await a.next("connect");
  await a.query(([rooms]) => [rooms.length, rooms[0] === a.socket.id, rooms[0] === first], "rooms");
  await b.ask("emit", { from: "all", to: ["r"] }, "x");
  await b.ask("emit", { from: "others" }, "y");
});

scenario("leaving: a client that was told to go comes back", async (s) => {
  const [a] = await s.joinAll("a");
  a.send("kick", {}, false);
  await a.lost();
  a.socket.connect();
  await a.next("connect");
  await a.ask("echo", 1);
});

scenario("upgrade: events and acknowledgements before and after it", async (s) => {
  const a = await s.join("a", { transport: "polling" });
  await a.ask("echo", 1);
  const b = await s.join("b", { transport: "upgrade" });
  await b.query(([{ id, ...info }]) => info, "info");
  await a.ask("emit", { from: "all" }, "x", Buffer.from([1]));
  await b.ask("echo", 2);
}, { transports: ["upgrade"] });

scenario("transports: clients of each kind in one room", async (s) => {
  const clients = [];
  for (const transport of ["websocket", "polling", "upgrade"]) {
    const client = await s.join(transport, { transport });
    await client.ask("join", "r");
    clients.push(client);
  }
  for (const client of clients) await client.ask("emit", { from: "others", to: ["r"] }, "from", client.name, Buffer.from([1]));
  await clients[0].ask("burst", { from: "all", to: ["r"] }, 10, "x");
}, { transports: ["each"] });
