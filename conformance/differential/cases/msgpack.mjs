// Socket.IO with socket.io-msgpack-parser: each packet is one binary message, compared byte for byte. The fixture answers
// "message" with "message-back".

import { createRequire } from "node:module";
import { Family } from "../lib/cases.mjs";
import { binary, text } from "../lib/ws.mjs";

const { encode } = createRequire(createRequire(import.meta.url).resolve("socket.io-msgpack-parser"))("notepack.io");

const family = new Family("msgpack", "msgpack");
export default family;

const ROOT = "/";
const CONNECT = { type: 0, nsp: ROOT };
const AFTER = { type: 2, data: ["message", "after"], nsp: ROOT };
const raw = (hex) => Buffer.from(hex.replaceAll(" ", ""), "hex");
const bytesOf = (packet) => (Buffer.isBuffer(packet) ? packet : encode(packet));

/** Joins, sends packets in one segment, then looks whether the connection still works. */
function burst(name, packets) {
  family.add(name, async (t) => {
    const c = await t.webSocket();
    c.send(binary(encode(CONNECT)));
    await t.take(c, 2);
    c.send(Buffer.concat(packets.map((packet) => (typeof packet === "string" ? text(packet) : binary(bytesOf(packet))))));
    await t.answer(c);
    await t.settle();
    if (c.state !== "open") return;
    c.send(binary(encode(AFTER)));
    await t.settle();
  });
}

/** The first packets of a connection. */
function opening(name, packets) {
  family.add(name, async (t) => {
    const c = await t.webSocket();
    for (const packet of packets) {
      c.send(binary(bytesOf(packet)));
      await t.settle();
    }
  });
}

// Joining.
opening("CONNECT without data", [CONNECT]);
opening("CONNECT with undefined data", [{ type: 0, data: undefined, nsp: ROOT }]);
opening("CONNECT with auth", [{ type: 0, data: { token: "x", b: [Buffer.from([1]), 2.5, null] }, nsp: ROOT }]);
opening("CONNECT to a namespace, then another", [{ type: 0, nsp: "/custom" }, CONNECT]);
opening("CONNECT to no namespace that exists", [{ type: 0, nsp: "/nowhere" }, { type: 0, nsp: "" }, { type: 0, nsp: "custom" }]);
opening("CONNECT with null", [{ type: 0, data: null, nsp: ROOT }]);
opening("CONNECT with an array", [{ type: 0, data: [], nsp: ROOT }]);
opening("CONNECT with bytes", [{ type: 0, data: Buffer.from([1]), nsp: ROOT }]);
opening("an event before CONNECT", [AFTER]);
opening("CONNECT as a double", [raw("82 a474797065 cb0000000000000000 a36e7370 a12f")]);
opening("CONNECT in the longest forms", [raw("df00000002 db0000000474797065 cf0000000000000000 da00036e7370 d9012f")]);

// Events.
for (const [name, args] of Object.entries({
  nothing: [],
  integers: [0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53)],
  floats: [0.5, 0.1, -1 / 3, 5e-324, NaN, Infinity, -Infinity, 1.5e-300],
  text: ["", "x".repeat(31), "x".repeat(32), "x".repeat(255), "x".repeat(256), "x".repeat(65535), "x".repeat(65536), "\u00e9\u20ac\ud83d\ude00"],
  binary: [Buffer.alloc(0), Buffer.alloc(255, 1), Buffer.alloc(256, 2), Buffer.alloc(65535, 3), Buffer.alloc(65536, 4)],
  "an ArrayBuffer": [new Uint8Array([1, 2, 3]).buffer, [new Uint8Array(300).buffer]],
  containers: [[], {}, Array.from({ length: 15 }, (_, i) => i), Array.from({ length: 16 }, (_, i) => i), Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, i]))],
  dates: [new Date(0), new Date(1.6e12), new Date(-1), { at: new Date(8.64e15) }],
  "undefined": [undefined, [undefined], { a: undefined }],
  others: [null, true, false, { a: [null, { b: true }] }],
})) {
  burst(`an event with ${name}`, [{ type: 2, data: ["message", ...args], options: { compress: true }, nsp: ROOT }]);
  burst(`an acknowledgement with ${name}`, [{ type: 2, data: ["message-with-ack", ...args], options: { compress: true }, id: 7, nsp: ROOT }]);
}
for (const id of [0, 127, 128, 2 ** 32, 2 ** 53]) burst(`id ${id}`, [{ type: 2, data: ["message-with-ack"], id, nsp: ROOT }]);
for (const [name, id] of Object.entries({ null: null, text: "1", "a fraction": 1.5, undefined, "not a number": NaN, "an array": [1] })) {
  burst(`${name} as id`, [{ type: 2, data: ["message-with-ack"], id, nsp: ROOT }]);
}
burst("an id as a double", [raw("84 a474797065 02 a464617461 91b06d6573736167652d776974682d61636b a26964 cb401c000000000000 a36e7370 a12f")]);
burst("an acknowledgement that nobody waits for", [{ type: 3, data: [1], id: 99, nsp: ROOT }]);
burst("keys in another order, and others between them", [{ nsp: ROOT, x: [1, { y: 2 }], data: ["message", 1], attachments: 3, type: 2 }]);
burst("several packets at once", [{ type: 2, data: ["message", 1], nsp: ROOT }, { type: 2, data: ["message-with-ack", 2], id: 1, nsp: ROOT }, { type: 2, data: ["message", 3], nsp: ROOT }]);
burst("DISCONNECT", [{ type: 1, nsp: ROOT }]);

// What is no packet.
for (const [name, packet] of Object.entries({
  "DISCONNECT with data": { type: 1, data: {}, nsp: ROOT },
  "an event without data": { type: 2, nsp: ROOT },
  "an event with an object": { type: 2, data: {}, nsp: ROOT },
  "an event that is text": { type: 2, data: "message", nsp: ROOT },
  "an acknowledgement without data": { type: 3, id: 1, nsp: ROOT },
  "CONNECT_ERROR": { type: 4, data: { message: "x" }, nsp: ROOT },
  "CONNECT_ERROR without data": { type: 4, nsp: ROOT },
  "a second CONNECT": CONNECT,
  "type 5": { type: 5, data: ["message"], nsp: ROOT },
  "type -1": { type: -1, nsp: ROOT },
  "type 1.5": { type: 1.5, nsp: ROOT },
  "type as text": { type: "2", data: ["message"], nsp: ROOT },
  "no type": { data: ["message"], nsp: ROOT },
  "no namespace": { type: 2, data: ["message"] },
  "namespace as a number": { type: 2, data: ["message"], nsp: 1 },
  "a namespace that was not joined": { type: 2, data: ["message"], nsp: "/custom" },
  "null": null,
  "an array": [2, "message"],
  "a number": 2,
  "no bytes": Buffer.alloc(0),
  "a byte that means nothing": raw("c1"),
  "a map cut short": raw("83a474797065"),
  "text cut short": raw("82a47479706502a46e7370"),
  "bytes behind it": Buffer.concat([encode(AFTER), raw("00")]),
  "an array that is promised": raw("81a464617461 ddffffffff"),
  "text of the default parser": '42["message"]',
})) {
  burst(name, [packet]);
}

family.add("long-polling, all in one", async (t) => {
  const session = await t.polling();
  const body = (...packets) => packets.map((packet) => `b${encode(packet).toString("base64")}`).join("\x1e");
  await session.post(body(CONNECT));
  await session.keepPolling();
  await session.post(body({ type: 2, data: ["message", Buffer.from([1]), "\u00e9"], nsp: ROOT }, { type: 2, data: ["message-with-ack", new Date(0)], id: 0, nsp: ROOT }));
  await session.keepPolling();
  await session.post("4text");
  await t.settle();
});
