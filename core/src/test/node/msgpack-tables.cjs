// Asks socket.io-msgpack-parser what it makes of a few thousand messages, and how it writes values, and writes the answers
// down as the tables that MsgpackReferenceTest compares the Java codec with. Run by hand, like reference-tables.cjs:
//
//   cd core/src/test/node && npm install --no-package-lock && node msgpack-tables.cjs
"use strict";
const fs = require("fs");
const path = require("path");
const parser = require("socket.io-msgpack-parser");
const msgpack = require("notepack.io");

const OUT = path.join(__dirname, "../resources/io/sockeye/protocol");
const versions = {
  node: process.version,
  "socket.io-msgpack-parser": require("socket.io-msgpack-parser/package.json").version,
  "notepack.io": require("notepack.io/package.json").version,
};

let seed = 7;
function random(n) {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = (list) => list[random(list.length)];

function write(name, rows) {
  const lines = rows.map((row) => "  " + JSON.stringify(row));
  fs.writeFileSync(path.join(OUT, name), `{"versions":${JSON.stringify(versions)},"rows":[\n${lines.join(",\n")}\n]}\n`);
  console.log(`${name}: ${rows.length} rows`);
}

// ---- Messages: which are packets, and what they say ------------------------------------------------------------------

function shown(value) {
  if (Buffer.isBuffer(value)) return { $binary: value.toString("base64") };
  if (value instanceof ArrayBuffer) return { $binary: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(shown);
  if (value && typeof value === "object" && !(value instanceof Date)) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shown(member)]));
  }
  return value; // a date becomes text and undefined goes when this is written
}

function verdictOf(message) {
  const decoder = new parser.Decoder();
  let packet;
  decoder.on("decoded", (decoded) => (packet = decoded));
  const row = { hex: message.toString("hex") };
  try {
    decoder.add(message);
  } catch (e) {
    if (e instanceof TypeError) return { ...row, error: "invalid packet type" }; // of null it asks for the type all the same
    const said = /^invalid (packet type|namespace|payload|packet id)$/.test(e.message);
    return { ...row, error: said ? e.message : "Could not parse" };
  }
  return {
    ...row,
    type: packet.type,
    nsp: packet.nsp,
    ...(packet.id !== undefined && { id: String(packet.id) }),
    ...(packet.data !== undefined && { data: JSON.stringify(shown(packet.data)) }),
  };
}

const str = (text) => msgpack.encode(text);
const raw = (...hex) => Buffer.from(hex.join(""), "hex");
/** A map of keys and values that are encoded already. */
const map = (...members) => Buffer.concat([Buffer.from([0x80 | (members.length / 2)]), ...members]);
const packet = (type, nsp, data, id) => {
  const members = [];
  if (type) members.push(str("type"), type);
  if (nsp) members.push(str("nsp"), nsp);
  if (data) members.push(str("data"), data);
  if (id) members.push(str("id"), id);
  return map(...members);
};
const ROOT = str("/");
const values = [
  "00", "01", "02", "03", "04", "05", "7f", "ff", "fe", "e0", "c0", "c2", "c3", "d40000", "d40100", "cc02", "cd0002", "ce00000002", "cf0000000000000002",
  "d002", "d10002", "d200000002", "d30000000000000002", "d0ff", "ccff", "cdffff", "ceffffffff", "cfffffffffffffffff", "cf0020000000000001", "cf7fffffffffffffff", "cf8000000000000000",
  "d080", "d18000", "d280000000", "d38000000000000000", "d3ffdfffffffffffff", "ca40000000", "ca3fc00000", "ca80000000", "ca7f800000", "ca7fc00000", "cb4000000000000000", "cb3ff8000000000000",
  "cb8000000000000000", "cb7ff0000000000000", "cb7ff8000000000000", "cb43f0000000000000", "cb43e0000000000000", "cb7e37e43c8800759c", "a0", "a161", "a163", "d90161", "da000161", "db0000000161", "a2c3a9", "a3e282ac", "a4f09f9880",
  "a400616200", "c400", "c40101", "c5000101", "c60000000101", "c70000", "c7010001", "c708000102030405060708", "c8000100ff", "c70105ff", "d40501", "d5000102", "d5050102", "d60001020304", "d605ffffffff", "d7000000000000000000",
  "d7000000017f7f7f7f7f", "d700001eb208c2dc0000", "d700001eb208c2dc0001", "d700ffe14df73d240000", "d700ffffffffffffffff", "d700ffff1b6f1dcb2c00", "d7017fffffffffffffff", "d80100112233445566778899aabbccddeeff", "d800112233445566778899aabbccddeeff00",
  "90", "91a178", "92a17801", "93a17801c0", "9101", "91cb3ff8000000000000", "91ca3fc00000", "91c0", "91c3", "9190", "9180", "91c40101", "91d40000", "dc0001a178", "dd00000001a178", "9101", "91cfffffffffffffffff",
  "91a7636f6e6e656374", "91aa646973636f6e6e656374", "91ad646973636f6e6e656374696e67", "91ad636f6e6e6563745f6572726f72", "91ab6e65774c697374656e6572", "91ae72656d6f76654c697374656e6572", "91a0", "91a56572726f72",
  "92a17881a161d40000", "92a17892d4000001", "92a178d7000000017f7f7f7f7f", "92a178c70501aabbccddee", "92a178d505aabb", "92a17882a16101a16102", "92a17881c0c3", "92a178820102cb3ff800000000000003", "92a17881c2c3", "92a178de0001a16101", "92a178df00000001a161c40101",
  "80", "81a16101", "82a16101a162d40000", "de0000", "df00000000", "81a1619101", "81a161c403010203",
].map((hex) => raw(hex));
const messages = [];
const add = (...buffers) => messages.push(...buffers);
for (const value of values) {
  add(value, packet(value, ROOT, raw("91a178")), packet(raw("02"), value, raw("91a178")));
  for (const type of ["00", "01", "02", "03", "04"]) add(packet(raw(type), ROOT, value));
  add(packet(raw("02"), ROOT, raw("92a178c3"), value), packet(raw("03"), ROOT, raw("91c3"), value), packet(raw("01"), ROOT, undefined, value));
  add(packet(raw("02"), ROOT, Buffer.concat([raw("92a178"), value])), packet(raw("03"), str("/a"), Buffer.concat([raw("91"), value]), raw("07")));
}
for (const nsp of ["", "/", "admin", "/admin", "/\u00e9\ud83d\ude00", "/a?b=c", "/" + "n".repeat(300)]) {
  add(packet(raw("00"), str(nsp)), packet(raw("02"), str(nsp), raw("91a178")), packet(raw("01"), str(nsp)));
}
add(
  Buffer.alloc(0), raw("c1"), raw("80"), raw("90"), raw("8000"), raw("82a474797065"), packet(), packet(raw("00")), packet(undefined, ROOT), map(ROOT, ROOT),
  map(str("type"), raw("00"), str("nsp"), ROOT, str("type"), raw("01")), map(str("type"), raw("00"), str("type"), raw("d40000"), str("nsp"), ROOT),
  map(str("data"), raw("c0"), str("type"), raw("02"), str("nsp"), ROOT, str("data"), raw("91a178")), map(str("options"), raw("81a8636f6d7072657373c3"), str("type"), raw("02"), str("data"), raw("91a178"), str("nsp"), ROOT),
  map(str("data"), raw("91a178"), str("data"), raw("d40000"), str("type"), raw("01"), str("nsp"), ROOT), map(raw("00"), raw("01"), raw("c0"), raw("01"), raw("cb3ff8000000000000"), raw("c3"), str("type"), raw("01"), str("nsp"), ROOT),
  map(str("typ"), raw("00"), str("nsp"), ROOT), map(str("types"), raw("00"), str("nsp"), ROOT), raw("de0002", str("type").toString("hex"), "01", str("nsp").toString("hex"), "a12f"), raw("df00000002", str("type").toString("hex"), "01", str("nsp").toString("hex"), "a12f"),
  raw("dd00ffffff"), raw("df00ffffff"), raw("dc"), raw("dd000000"), raw("c6ffffffff"), raw("dbffffffff61"), raw("d7"), raw("d70000"), raw("cb00"), raw("c7"), raw("c701"), raw("c70100"),
);

function randomValue(depth) {
  switch (random(depth > 3 ? 8 : 10)) {
    case 0: return random(300) - 100;
    case 1: return pick([1.5, -0.25, 1e300, 2 ** 40, -(2 ** 40), 2 ** 53 + 2, NaN, Infinity, 70000, -70000, 0.1]);
    case 2: return pick([true, false, null]);
    case 3: return undefined;
    case 4: return pick(["", "a", "hello", "\u00e9\u20ac\ud83d\ude00", "x".repeat(31), "x".repeat(32), "y".repeat(260)]);
    case 5: return Buffer.alloc(random(5), random(256));
    case 6: return new Uint8Array(Array.from({ length: random(4) }, () => random(256)));
    case 7: return new Date(pick([0, 1, -1, 1.6e12, 253402300800000, 253402300799999, -62167219200000, -62167219200001, 8.64e15, -8.64e15]));
    case 8: return Array.from({ length: random(4) }, () => randomValue(depth + 1));
    default: return Object.fromEntries(Array.from({ length: random(4) }, (_, i) => [pick(["a", "b", "k" + i, "data", "type", "\u00e9"]), randomValue(depth + 1)]));
  }
}
const randomPacket = () => ({
  type: pick([0, 1, 2, 2, 2, 3]),
  data: pick([undefined, { token: "x", at: randomValue(3) }, ["x"], ["x", randomValue(0), randomValue(0)], [pick(["x", 5, 1.5, null, true, [], {}])]]),
  options: { compress: true },
  ...(random(2) === 0 && { id: random(100000) }),
  nsp: pick(["/", "/admin"]),
});
for (let i = 0; i < 400; i++) add(msgpack.encode(randomPacket()));
for (let i = 0; i < 1200; i++) {
  const message = Buffer.from(msgpack.encode(randomPacket()));
  const at = random(message.length);
  const byte = Buffer.from([pick([0, 1, 0x80, 0x81, 0x90, 0x91, 0xa1, 0xc0, 0xc1, 0xc4, 0xc7, 0xcb, 0xcc, 0xd4, 0xd7, 0xd9, 0xdc, 0xdd, 0xde, 0xff, random(256)])]);
  switch (random(4)) {
    case 0: add(message.subarray(0, at)); break;
    case 1: add(Buffer.concat([message.subarray(0, at), byte, message.subarray(at)])); break;
    case 2: add(Buffer.concat([message.subarray(0, at), message.subarray(at + 1)])); break;
    default: add(Buffer.concat([message.subarray(0, at), byte, message.subarray(at + 1)]));
  }
}

/** Whether some key is no scalar, of which the reference makes a string. docs/design-decisions.md says what we do. */
function hasOddKey(buffer) {
  let p = 0;
  let odd = false;
  const big = (bytes) => { const value = buffer.readUIntBE(p, bytes); p += bytes; return value; };
  const skip = (bytes) => (p += bytes);
  function many(count, pairs) {
    for (let i = 0; i < count; i++) {
      if (pairs) {
        const c = buffer[p];
        odd ||= (c >= 0x80 && c < 0xa0) || (c >= 0xc4 && c <= 0xc9) || (c >= 0xd4 && c <= 0xd8) || (c >= 0xdc && c <= 0xdf);
        walk();
      }
      walk();
    }
  }
  function walk() {
    if (p >= buffer.length) throw new RangeError();
    const c = buffer[p++];
    if (c >= 0x80 && c < 0x90) many(c & 15, true);
    else if (c >= 0x90 && c < 0xa0) many(c & 15, false);
    else if (c >= 0xa0 && c < 0xc0) p += c & 31;
    else if (c === 0xdc || c === 0xdd) many(big(c === 0xdc ? 2 : 4), false);
    else if (c === 0xde || c === 0xdf) many(big(c === 0xde ? 2 : 4), true);
    else if (c >= 0xc4 && c <= 0xc6) skip(big(1 << (c - 0xc4)));
    else if (c >= 0xd9 && c <= 0xdb) skip(big(1 << (c - 0xd9)));
    else if (c >= 0xc7 && c <= 0xc9) skip(1 + big(1 << (c - 0xc7)));
    else if (c >= 0xd4 && c <= 0xd8) p += 1 + (1 << (c - 0xd4));
    else if (c >= 0xca && c <= 0xd3) p += [4, 8, 1, 2, 4, 8, 1, 2, 4, 8][c - 0xca];
  }
  walk();
  return odd;
}

function isExtOfData(message) {
  const form = message[message.indexOf(str("data")) + str("data").length];
  return (form >= 0xc7 && form <= 0xc9) || (form >= 0xd4 && form <= 0xd8);
}

const rows = [];
const seen = new Set();
for (const message of messages) {
  const key = message.toString("hex");
  // A length of four bytes at random makes the reference busy for minutes.
  if (seen.has(key) || (message.length > 60 && message.includes(0xc9))) continue;
  seen.add(key);
  const row = verdictOf(message);
  if (row.error !== "Could not parse") {
    if (hasOddKey(message)) row.departure = "key";
    else if (JSON.stringify([shown(msgpack.decode(message))], (_, value) => value ?? null).includes("\ufffd")) row.departure = "text";
    else if (row.data?.startsWith("[") && isExtOfData(message)) row.departure = "ext"; // of which the reference makes an array of two
  }
  rows.push(row);
}
write("msgpack-packets.json", rows);

// ---- Values: how they are written ------------------------------------------------------------------------------------

const numbers = [0, -0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 2 ** 63, 2 ** 63 + 2 ** 11, 2 ** 64 - 2 ** 11, -1, -32, -33, -127, -128, -129, -32768, -32769,
  -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53), -(2 ** 63), 0.5, -0.5, 1.5, 0.1, 1e-7, 1 / 3, 5e-324, 1.7976931348623157e308 / 3.1, NaN, Infinity, -Infinity, 4.35, 123.456];
const strings = ["", "a", "\u0000", "\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "\ud83d\ude00", "\u00e9\u20ac", "x".repeat(31), "x".repeat(32), "\u00e9".repeat(15) + "x", "\u00e9".repeat(16), "\u20ac".repeat(90), "x".repeat(255), "x".repeat(256)];
const structures = [[], {}, [[]], [{}], { a: {} }, { a: [1, "b", null, true, false, 1.5] }, Array.from({ length: 15 }, (_, i) => i), Array.from({ length: 16 }, (_, i) => i), Array.from({ length: 300 }, (_, i) => "v" + i),
  Object.fromEntries(Array.from({ length: 15 }, (_, i) => ["k" + i, i])), Object.fromEntries(Array.from({ length: 16 }, (_, i) => ["k" + i, [i, { n: i }]])), { nested: Object.fromEntries(Array.from({ length: 20 }, (_, i) => ["k" + i, Array(20).fill(i)])) },
  { "\u00e9": "\ud83d\ude00", big: 2 ** 40, neg: -(2 ** 40), float: 0.1, text: "y".repeat(40) }];
const hex = (value) => msgpack.encode(value).toString("hex");
const head = (value) => ({ bytes: msgpack.encode(value).length, head: msgpack.encode(value).subarray(0, 12).toString("hex") });
write("msgpack-values.json", [
  ...numbers.map((value) => {
    const bits = Buffer.alloc(8);
    bits.writeDoubleBE(value);
    return { bits: bits.toString("hex"), hex: hex(value) };
  }),
  ...strings.map((text) => ({ text, hex: hex(text) })),
  ...structures.map((value) => ({ json: JSON.stringify(value), hex: hex(value) })),
  ...[0, 1, 255, 256, 65535, 65536].map((length) => ({ binary: length, ...head(Buffer.alloc(length, 1)) })),
  ...[65535, 65536, 70000].map((length) => ({ repeat: length, ...head("x".repeat(length)) })),
  ...[65535, 65536].map((length) => ({ elements: length, ...head(Array(length).fill(null)) })),
]);
