// Events and acknowledgements.

import { scenario } from "../scenario.mjs";

const ARGUMENTS = {
  nothing: [],
  numbers: [0, -1, 1.5, 1e21, 1e-7, 2 ** 53, -0.25],
  text: ["", "a", "\u00e9\u20ac\ud83d\ude00", "\u0000\n\"\\", "x".repeat(20_000)],
  constants: [true, false, null],
  containers: [[], {}, [[[[]]]], { a: { b: { c: [1, { d: null }] } } }, { "": "", " ": " ", __x: 1 }],
  "binary data": [Buffer.from([0, 1, 255]), { a: [Buffer.alloc(0), Buffer.alloc(5000, 3)] }, "between", Buffer.from([9])],
  "what looks like a placeholder": [{ _placeholder: false, num: 0 }, { num: 0 }],
  "many things": Array.from({ length: 100 }, (_, i) => [i, `${i}`]),
};

for (const [what, args] of Object.entries(ARGUMENTS)) {
  scenario(`events: ${what}, there and back`, async (s) => {
    const [a] = await s.joinAll("a");
    a.send("echo", ...args);
    await a.ask("echo", ...args);
    await a.ask("kinds", ...args);
    await a.ask("emit", {}, "again", ...args);
  });
}

scenario("events: names of any kind", async (s) => {
  const [a] = await s.joinAll("a");
  for (const name of ["", " ", "message", "error", "data", "end", "close", "open", "\u65e5\u672c", "x".repeat(500), "__proto__", "constructor", "hasOwnProperty"]) {
    await a.ask("emit", {}, name, 1);
  }
});

scenario("events: reserved names", async (s) => {
  const [a] = await s.joinAll("a");
  for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "connection", "error"]) {
    await a.ask("reserved", name);
  }
});

scenario("events: nobody listens to", async (s) => {
  const [a] = await s.joinAll("a");
  a.send("nobody listens", 1);
  a.send("silence", Buffer.from([1]));
  await a.ask("echo", "still there");
});

scenario("events: in order, with and without binary data", async (s) => {
  const [a] = await s.joinAll("a");
  for (let i = 0; i < 30; i++) a.send("echo", i, ...(i % 3 === 0 ? [Buffer.alloc(i, i)] : []));
  for (let i = 0; i < 30; i++) a.send("collect", i);
  await a.ask("collected");
});

scenario("acks: in order, without waiting", async (s) => {
  const [a] = await s.joinAll("a");
  await Promise.all(Array.from({ length: 20 }, (_, i) => a.ask("echo", i)));
});

scenario("acks: only the first counts", async (s) => {
  const [a] = await s.joinAll("a");
  await a.ask("ack twice");
});

scenario("acks: of the client", async (s) => {
  const [a] = await s.joinAll("a");
  a.answers("question", (ack, ...args) => ack("yes", ...args));
  await a.ask("ask", 5000, "question");
  await a.ask("ask", 5000, "question", 1, { x: [null] }, Buffer.from([1, 2]));
});

scenario("acks: of the client, without arguments", async (s) => {
  const [a] = await s.joinAll("a");
  a.answers("question", (ack) => ack());
  await a.ask("ask", 5000, "question");
});

scenario("acks: of a client that does not answer", async (s) => {
  const [a] = await s.joinAll("a");
  await a.ask("ask", 50, "question", 1);
});

scenario("acks: of a client that answers twice", async (s) => {
  const [a] = await s.joinAll("a");
  a.answers("question", (ack) => {
    ack(1);
    ack(2);
  });
  await a.ask("ask", 5000, "question");
});

scenario("acks: of all", async (s) => {
  const clients = await s.joinAll("a", "b", "c");
  for (const client of clients) client.answers("question", (ack, given) => ack([client.name, given]));
  const sorted = ([how, answers]) => [how, answers.sort()];
  await clients[0].query(sorted, "ask all", 5000, { from: "all" }, "question", "x");
  await clients[0].query(sorted, "ask all", 5000, { from: "others" }, "question", Buffer.from([1]));
});

scenario("acks: of some of all", async (s) => {
  const [a, b, c] = await s.joinAll("a", "b", "c", "d");
  for (const client of [b, c]) client.answers("question", (ack) => ack(client.name));
  await a.query(([how, answers]) => [how, answers.sort()], "ask all", 3000, { from: "others" }, "question");
});

scenario("acks: of a room", async (s) => {
  const [a, b, c] = await s.joinAll("a", "b", "c");
  for (const client of [a, b, c]) client.answers("question", (ack) => ack(client.name));
  await b.ask("join", "r");
  await c.ask("join", ["r", "out"]);
  await a.ask("ask all", 5000, { from: "all", to: ["r"], except: ["out"] }, "question");
});

scenario("acks: of nobody", async (s) => {
  const [a] = await s.joinAll("a");
  await a.ask("ask all", 5000, { from: "all", to: ["empty"] }, "question");
  await a.ask("ask all", 5000, { from: "others" }, "question");
});

scenario("acks: of a client that leaves meanwhile", async (s) => {
  const [a, b] = await s.joinAll("a", "b");
  b.socket.on("question", () => b.socket.disconnect());
  await a.ask("ask all", 200, { from: "others" }, "question");
});

scenario("listeners: added, called once, removed", async (s) => {
  const [a] = await s.joinAll("a");
  await a.ask("listen", "x");
  await a.ask("listen once", "x");
  a.send("x", 1);
  a.send("x", 2, Buffer.from([2]));
  await a.ask("unlisten", "x");
  a.send("x", 3);
  await a.ask("listen once", "y");
  a.send("y");
  a.send("y");
});

scenario("listeners: of any event, coming in and going out", async (s) => {
  const a = await s.join("a", { namespace: "/any" });
  a.send("unknown", 1, 2);
  await a.ask("echo", "x");
  await a.ask("emit", {}, "out", 1, 2, 3);
  a.answers("question", (ack) => ack(1));
  await a.ask("ask", 5000, "question", 1);
  await a.ask("seen");
}, { alone: true });

scenario("listeners: of any event, for broadcasts", async (s) => {
  const [a, b] = [await s.join("a", { namespace: "/any" }), await s.join("b", { namespace: "/any" })];
  await s.settle(); // the connection handlers, which add the listeners, have run
  await a.ask("emit", { from: "all" }, "news", 1);
  await a.ask("emit", { from: "others" }, "news", 2, 3);
  await s.settle();
  await a.ask("seen");
  await b.ask("seen");
}, { alone: true });

scenario("listeners: a mirror of everything", async (s) => {
  const a = await s.join("a", { namespace: "/mirror" });
  a.send("x", 1, Buffer.from([1]));
  a.send("", null);
  a.send("last");
  await a.next("last");
  a.socket.disconnect();
});

scenario("middleware of events: passes, refuses, and what was refused is told", async (s) => {
  const a = await s.join("a", { namespace: "/checked" });
  a.send("forbidden", 1);
  await a.next("refused");
  a.send("allowed", 1, 2);
  await a.ask("echo", 1);
  a.send("forbidden");
  await a.next("refused");
  await a.ask("seen");
});

scenario("a handler that fails does not end anything", async (s) => {
  const [a] = await s.joinAll("a", "b");
  a.send("fail");
  await a.ask("echo", 1);
  await a.ask("emit", { from: "others" }, "still there");
});
