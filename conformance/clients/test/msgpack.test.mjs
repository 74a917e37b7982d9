import { deepStrictEqual, strictEqual } from "node:assert/strict";
import parser from "socket.io-msgpack-parser";
import { TRANSPORTS } from "../lib/client.mjs";
import { stage } from "../lib/scene.mjs";

const date = new Date(1.6e12);

/** What is sent, and what then comes back. A server that passes arguments on unread keeps what JSON would not. */
const ARGUMENTS = {
  "numbers of every form": [0, -1, 127, 128, 255, 256, 65535, 65536, 2 ** 32, 2 ** 53, -128, -129, -32769, -(2 ** 40), 0.1, -1.5e-300],
  text: ["", "x".repeat(31), "x".repeat(32), "\u00e9\u20ac\ud83d\ude00", "y".repeat(70_000)],
  "objects and arrays": [{}, [], { a: [1, { b: null, c: [true, false] }] }, Array.from({ length: 20 }, (_, i) => ({ i }))],
  "binary data": [Buffer.from([1, 2, 3]), { nested: [Buffer.alloc(300, 7)] }, Buffer.alloc(0), Buffer.alloc(70_000, 1)],
  dates: [date, { at: [date] }],
  "not a number": [NaN, Infinity],
};

stage("The msgpack parser", { parser: "msgpack" }, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    for (const [what, args] of Object.entries(ARGUMENTS)) {
      play(`${transport}: ${what}, there and back`, async (scene) => {
        const client = await scene.connect(transport, { parser });
        client.send("echo", ...args);
        deepStrictEqual(await client.next("echo"), args);
        deepStrictEqual(await client.ask("echo", ...args), args);
      });
    }

    play(`${transport}: an ArrayBuffer stays one`, async (scene) => {
      const client = await scene.connect(transport, { parser });
      const [back] = await client.ask("echo", new Uint8Array([9, 8, 7]));
      deepStrictEqual(back, new Uint8Array([9, 8, 7]).buffer);
    });

    play(`${transport}: the server asks, and gets binary data back`, async (scene) => {
      const client = await scene.connect(transport, { parser });
      client.socket.on("question", (given, answer) => answer([given, Buffer.from([5])]));
      deepStrictEqual(await client.ask("ask", 5000, "question", { x: 1 }), ["answered", [{ x: 1 }, Buffer.from([5])]]);
      deepStrictEqual(await client.next("question").then((args) => args[0]), { x: 1 });
    });

    play(`${transport}: a broadcast of objects that the server writes itself`, async (scene) => {
      const [one, two] = [await scene.connect(transport, { parser }), await scene.connect(transport, { parser })];
      await two.ask("join", ["a", "b"]);
      await one.ask("burst", { from: "all", to: ["a"] }, 3, Buffer.from([1]));
      deepStrictEqual(await two.nextOf("burst", 3), [0, 1, 2].map((i) => [i, Buffer.from([1])]));
      const [rooms] = await two.ask("rooms");
      deepStrictEqual(rooms, ["a", "b", two.id].sort());
      const [info] = await two.ask("info");
      deepStrictEqual(info, { id: two.id, namespace: "/", transport: two.transport, auth: {}, query: null, header: null });
    });

    play(`${transport}: several namespaces, and refusals with data`, async (scene) => {
      const client = await scene.connect(transport, { parser, auth: { token: "x" } });
      const chat = await scene.join(client, "/chat", { auth: { name: "\u00e9" } });
      strictEqual((await chat.ask("info"))[0].auth.name, "\u00e9");
      const [refusal] = await scene.openNamespace(client, "/guarded", { auth: {} }).next("connect_error");
      deepStrictEqual([refusal.message, refusal.data], ["not authorized", { code: 401, wanted: ["token"] }]);
      const [unknown] = await scene.openNamespace(client, "/nowhere").next("connect_error");
      deepStrictEqual([unknown.message, unknown.data], ["Invalid namespace", undefined]);
      chat.send("kick", {}, false);
      strictEqual(await chat.lost(), "io server disconnect");
      deepStrictEqual(await client.ask("echo", 1), [1]);
    });

    play(`${transport}: a client that leaves`, async (scene) => {
      const client = await scene.connect(transport, { parser });
      const { id } = client;
      client.socket.disconnect();
      strictEqual(await client.lost(), "io client disconnect");
      strictEqual(await scene.fixture.gone(id), "client namespace disconnect");
    });
  }

  play("a client with the default parser is not understood", async (scene) => {
    strictEqual(await scene.open("websocket").lost(), "transport close");
  });
});
