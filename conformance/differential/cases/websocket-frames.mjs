// WebSocket frames, valid or not, and Engine.IO packets in them. Against the echo server.

import { Family } from "../lib/cases.mjs";
import { OPCODE, binary, close, frame, text } from "../lib/ws.mjs";

const family = new Family("websocket", "engine");
export default family;

const LIMIT = 1_000_000;

/** Sends frames in one segment, waits for `answers` events, then sends a message to see whether the session lives. */
function frames(name, list, { answers = 1, after = true, ...options } = {}) {
  family.add(name, async (t) => {
    const c = await t.webSocket();
    c.send(Buffer.concat(list));
    if (answers > 0) await t.answer(c, answers);
    await t.settle();
    if (!after || c.state !== "open") return;
    c.send(text("4after"));
    await t.settle();
  }, options);
}

// Packets of each type, as text.
for (const [name, packet, answers] of [
  ["message", "4hello", 1],
  ["empty message", "4", 1],
  ["message in UTF-8", "4héllo €😀", 1],
  ["message with a separator", "4a\x1e4b", 1],
  ["message with line ends and a zero byte", "4a\r\n\0b", 1],
  ["binary in base64", "bAQIDBA==", 1],
  ["empty binary in base64", "b", 1],
  ["binary in broken base64", "bA*Q=ID", 1],
  ["open", "0", 0],
  ["open with data", "0{}", 0],
  ["close", "1", 0],
  ["close with data", "1x", 0],
  ["ping", "2", 1],
  ["ping probe", "2probe", 1],
  ["pong", "3", 0],
  ["pong with data", "3probe", 0],
  ["upgrade", "5", 0],
  ["noop", "6", 0],
  ["unknown digit", "7", 1],
  ["unknown letter", "x", 1],
  ["byte order mark and a message", "\ufeff4a", 1],
  ["message with a byte order mark", "4\ufeffa", 1],
  ["leading space", " 4a", 1],
  ["empty text", "", 1],
]) {
  frames(`text: ${name}`, [text(packet)], { answers });
}
for (const [name, bytes] of [
  ["some bytes", [1, 2, 3]],
  ["empty", []],
  ["that looks like a packet", Buffer.from("4hello")],
  ["that looks like a ping", Buffer.from("2")],
  ["all byte values", Array.from({ length: 256 }, (_, i) => i)],
]) {
  frames(`binary: ${name}`, [binary(Buffer.from(bytes))]);
}

// Sizes and the forms of the length.
for (const size of [124, 125, 126, 127, 65534, 65535, 65536]) {
  frames(`text of ${size} bytes`, [text(`4${"a".repeat(size - 1)}`)]);
}
frames("short text with a 16 bit length", [text("4a", { width: 16 })]);
frames("short text with a 64 bit length", [text("4a", { width: 64 })]);
frames("empty text with a 64 bit length", [text("", { width: 64 })]);
frames("text of the limit", [text(`4${"a".repeat(LIMIT - 1)}`)], { heavy: true });
frames("text over the limit", [text(`4${"a".repeat(LIMIT)}`)], { heavy: true });
frames("binary of the limit", [binary(Buffer.alloc(LIMIT, 7))], { heavy: true });
frames("binary over the limit", [binary(Buffer.alloc(LIMIT + 1, 7))], { heavy: true });
frames("text over the limit in characters of three bytes", [text(`4${"€".repeat(400_000)}`)], { heavy: true });
frames("declared over the limit, payload not sent", [text("4a", { declared: LIMIT + 1, width: 64 })]);
frames("declared over 2^53", [text("4a", { declared: 2n ** 53n, width: 64 })]);
frames("declared 2^63", [text("4a", { declared: 2n ** 63n, width: 64 })]);
frames("declared 2^64 - 1", [text("4a", { declared: 2n ** 64n - 1n, width: 64 })]);
frames("declared 2^32", [text("4a", { declared: 2n ** 32n, width: 64 })]);
frames("declared within the limit, payload not sent", [text("4a", { declared: LIMIT, width: 64 })], { answers: 0, after: false });
frames("fragments over the limit", [
  text(`4${"a".repeat(600_000)}`, { fin: false }),
  frame(OPCODE.continuation, "a".repeat(600_000)),
], { heavy: true });

// Fragments.
frames("text in two fragments", [text("4he", { fin: false }), frame(OPCODE.continuation, "llo")]);
frames("text in three fragments", [
  text("4", { fin: false }), frame(OPCODE.continuation, "a", { fin: false }), frame(OPCODE.continuation, "b"),
]);
frames("binary in two fragments", [binary([1, 2], { fin: false }), frame(OPCODE.continuation, Buffer.from([3]))]);
frames("empty fragments", [
  text("", { fin: false }), frame(OPCODE.continuation, "", { fin: false }), frame(OPCODE.continuation, "4a"),
]);
frames("all fragments empty", [text("", { fin: false }), frame(OPCODE.continuation, "")]);
frames("a character split between fragments", [
  text(Buffer.from([0x34, 0xe2, 0x82]), { fin: false }), frame(OPCODE.continuation, Buffer.from([0xac])),
]);
frames("ping between fragments", [text("4a", { fin: false }), frame(OPCODE.ping, "p"), frame(OPCODE.continuation, "b")], { answers: 2 });
frames("pong between fragments", [text("4a", { fin: false }), frame(OPCODE.pong), frame(OPCODE.continuation, "b")]);
frames("close between fragments", [text("4a", { fin: false }), close(1000), frame(OPCODE.continuation, "b")]);
frames("text between fragments", [text("4a", { fin: false }), text("4b")]);
frames("binary between fragments", [text("4a", { fin: false }), binary([1])]);
frames("continuation without a beginning", [frame(OPCODE.continuation, "4a")]);
frames("continuation after a whole message", [text("4a"), frame(OPCODE.continuation, "b")], { answers: 2 });
frames("unfinished continuation without a beginning", [frame(OPCODE.continuation, "4a", { fin: false })]);
frames("no second fragment", [text("4a", { fin: false })], { answers: 0, after: false });
frames("20,000 fragments", [
  text("4", { fin: false }),
  Buffer.concat(Array.from({ length: 20_000 }, () => frame(OPCODE.continuation, "a", { fin: false }))),
  frame(OPCODE.continuation, "b"),
], { heavy: true });

// Control frames.
frames("ping", [frame(OPCODE.ping)]);
frames("ping with a payload", [frame(OPCODE.ping, "hello")]);
frames("ping of 125 bytes", [frame(OPCODE.ping, "a".repeat(125))]);
frames("ping of 126 bytes", [frame(OPCODE.ping, "a".repeat(126))]);
frames("ping with a 16 bit length", [frame(OPCODE.ping, "a", { width: 16 })]);
frames("pings one after another", [frame(OPCODE.ping, "1"), frame(OPCODE.ping, "2"), text("4a")], { answers: 3 });
frames("pong", [frame(OPCODE.pong, "x")], { answers: 0 });
frames("pong of 126 bytes", [frame(OPCODE.pong, "a".repeat(126))]);
frames("ping that is not final", [frame(OPCODE.ping, "a", { fin: false })]);
frames("pong that is not final", [frame(OPCODE.pong, "a", { fin: false })]);
frames("close that is not final", [frame(OPCODE.close, "", { fin: false })]);

// Close.
frames("close without a code", [close()]);
frames("close with one byte", [frame(OPCODE.close, Buffer.from([3]))]);
for (const code of [0, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1100, 2999, 3000, 4000, 4999, 5000, 65535]) {
  frames(`close with ${code}`, [close(code)]);
}
frames("close with a reason", [close(1000, "done")]);
frames("close with a reason in UTF-8", [close(1000, "é€")]);
frames("close with a reason of 123 bytes", [close(1000, "a".repeat(123))]);
frames("close with a reason of 124 bytes", [close(1000, "a".repeat(124))]);
frames("close with a reason of invalid UTF-8", [close(1000, Buffer.from([0xff]))]);
frames("message after close", [close(1000), text("4late")]);
frames("ping after close", [close(1000), frame(OPCODE.ping)]);
frames("two closes", [close(1000), close(1001)]);
frames("message and close in one segment", [Buffer.concat([text("4a"), close(1000)])], { answers: 2 });
family.add("end of the connection without a close", async (t) => {
  const c = await t.webSocket();
  c.halfClose();
  await t.settle();
});

// Bits and opcodes that must not be.
for (const rsv of [1, 2, 4, 7]) {
  frames(`reserved bits ${rsv} on text`, [text("4a", { rsv })]);
  frames(`reserved bits ${rsv} on close`, [frame(OPCODE.close, "", { rsv })]);
}
frames("reserved bit 4 on a ping", [frame(OPCODE.ping, "", { rsv: 4 })]);
for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
  frames(`opcode ${opcode}`, [frame(opcode, "4a")]);
}
frames("unmasked text", [text("4a", { mask: false })]);
frames("unmasked close", [frame(OPCODE.close, "", { mask: false })]);
frames("unmasked ping", [frame(OPCODE.ping, "", { mask: false })]);
frames("message, then an unmasked one", [text("4a"), text("4b", { mask: false })], { answers: 2 });
frames("message and a broken frame in one segment", [Buffer.concat([text("4a"), frame(3, "x"), text("4b")])], { answers: 2 });
frames("HTTP instead of frames", [Buffer.from("GET / HTTP/1.1\r\nHost: test\r\n\r\n")]);

// Bytes that are not UTF-8.
for (const [name, bytes] of [
  ["invalid UTF-8", [0x34, 0xff, 0xfe]],
  ["truncated UTF-8", [0x34, 0xe2, 0x82]],
  ["overlong UTF-8", [0x34, 0xc0, 0xaf]],
  ["overlong UTF-8 of three bytes", [0x34, 0xe0, 0x80, 0xaf]],
  ["surrogate in UTF-8", [0x34, 0xed, 0xa0, 0x80]],
  ["pair of surrogates in UTF-8", [0x34, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ["beyond Unicode", [0x34, 0xf4, 0x90, 0x80, 0x80]],
  ["last code point", [0x34, 0xf4, 0x8f, 0xbf, 0xbf]],
  ["noncharacter", [0x34, 0xef, 0xbf, 0xbf]],
  ["invalid UTF-8 of an unknown type", [0xff]],
]) {
  frames(`text: ${name}`, [text(Buffer.from(bytes))]);
}
frames("invalid UTF-8 in an unfinished fragment", [text(Buffer.from([0x34, 0xff]), { fin: false })], { answers: 0, after: false });
frames("invalid UTF-8 in fragments", [text(Buffer.from([0x34, 0xff]), { fin: false }), frame(OPCODE.continuation, "a")]);

// Order and pieces.
frames("many messages in one segment", [Buffer.concat(Array.from({ length: 200 }, (_, i) => text(`4${i}`)))], { answers: 200 });
frames("text and binary alternate", [text("4a"), binary([1]), text("4b"), binary([2]), text("bAw==")], { answers: 5 });
family.add("frame byte by byte", async (t) => {
  const c = await t.webSocket();
  for (const byte of text("4hello")) {
    c.send(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  await t.answer(c);
  await t.settle();
});
family.add("half a frame, then the end", async (t) => {
  const c = await t.webSocket();
  c.send(text("4hello").subarray(0, 5));
  c.halfClose();
  await t.settle();
});
family.add("the answer to the server's close is awaited", async (t) => {
  const c = await t.webSocket();
  c.send(text("2"));
  await t.answer(c);
  await t.settle();
  c.send(text("4late"));
  await t.settle();
  c.send(close());
  await t.settle();
});
family.add("the session is gone after its end", async (t) => {
  const c = await t.webSocket();
  await t.exchange(t.get(`EIO=4&transport=websocket&sid=${c.sid}`));
  await t.exchange(t.get(`EIO=4&transport=polling&sid=${c.sid}`));
  await t.exchange(t.post(`EIO=4&transport=polling&sid=${c.sid}`, "4a"));
  c.send(text("4a"));
  await t.settle();
  c.send(close(1000));
  await t.settle();
  await t.exchange(t.get(`EIO=4&transport=polling&sid=${c.sid}`));
});
