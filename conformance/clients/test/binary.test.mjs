import { deepStrictEqual } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { stage } from "../lib/scene.mjs";

const bytes = (length, first = 0) => Buffer.from(Array.from({ length }, (_, i) => (first + i * 7) % 256));
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

/** What is sent, what then comes back (the Node.js client makes a Buffer of all binary data), and what that needs. */
const ARGUMENTS = {
  "a Buffer": [[everyByte], [everyByte]],
  "a Uint8Array": [[new Uint8Array([1, 2, 3])], [Buffer.from([1, 2, 3])], ["typedArrays"]],
  "a view on a part of a larger array": [[everyByte.subarray(100, 103)], [Buffer.from([100, 101, 102])]],
  "an ArrayBuffer": [[new Uint8Array([9, 8, 7]).buffer], [Buffer.from([9, 8, 7])]],
  "a Float32Array": [[new Float32Array([1])], [Buffer.from([0, 0, 128, 63])], ["typedArrays"]],
  "nothing in it": [[Buffer.alloc(0)], [Buffer.alloc(0)]],
  "nothing, between others": [
    [bytes(1), Buffer.alloc(0), bytes(2), Buffer.alloc(0)],
    [bytes(1), Buffer.alloc(0), bytes(2), Buffer.alloc(0)],
  ],
  nested: [
    [{ a: [{ b: bytes(5) }, "text"], c: { d: { e: [[bytes(3, 200)]] } } }, 1],
    [{ a: [{ b: bytes(5) }, "text"], c: { d: { e: [[bytes(3, 200)]] } } }, 1],
  ],
  "ten attachments": [
    [Array.from({ length: 10 }, (_, i) => bytes(i + 1, i))],
    [Array.from({ length: 10 }, (_, i) => bytes(i + 1, i))],
  ],
  "the same Buffer twice": [[everyByte, { again: everyByte }], [everyByte, { again: everyByte }]],
  "after text and null": [["日本語", null, bytes(4), { plain: true }], ["日本語", null, bytes(4), { plain: true }]],
  "bytes that look like packets": [[Buffer.from("42[\"echo\"]"), Buffer.from("\u001e\u001e")], [Buffer.from("42[\"echo\"]"), Buffer.from("\u001e\u001e")]],
  "a large one": [[bytes(300_000)], [bytes(300_000)]],
};

stage("Binary data", {}, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    for (const [what, [sent, expected, needs = []]] of Object.entries(ARGUMENTS)) {
      play(`${transport}: ${what}, there and back`, async (scene) => {
        const client = await scene.connect(transport);
        client.send("echo", ...sent);
        deepStrictEqual(await client.next("echo"), expected);
        deepStrictEqual(await client.ask("echo", ...sent), expected);
      }, { needs });
    }

    play(`${transport}: binary and text events keep their order`, async (scene) => {
      const client = await scene.connect(transport);
      const sent = Array.from({ length: 60 }, (_, i) => [i, [i, bytes(i, i), [bytes(i), bytes(1)]][i % 3]]);
      for (const args of sent) client.send("echo", ...args);
      deepStrictEqual(await client.nextOf("echo", 60), sent);
    });

    play(`${transport}: one broadcast to clients of every transport`, async (scene) => {
      const clients = await Promise.all(Object.keys(TRANSPORTS).map((each) => scene.connect(each)));
      const sender = await scene.connect(transport);
      await sender.ask("emit", { from: "others" }, "picture", { pixels: everyByte }, bytes(3));
      for (const client of clients) {
        deepStrictEqual(await client.next("picture"), [{ pixels: everyByte }, bytes(3)]);
      }
    });
  }
});
