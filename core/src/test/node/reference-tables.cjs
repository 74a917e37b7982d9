// Asks the reference's parsers what they make of a few thousand inputs, and writes the answers down as the tables that
// ReferenceTableTest compares the Java codecs with. Run by hand when a version in package.json changes:
//
//   cd core/src/test/node && npm install --no-package-lock && node reference-tables.cjs
//
// Inputs are fixed or come from a seeded generator, so two runs of the same versions write the same files.
"use strict";
const fs = require("fs");
const path = require("path");
const socketIo = require("socket.io-parser");
const engineIo = require("engine.io-parser");

const OUT = path.join(__dirname, "../resources/io/sockeye/protocol");
function versionOf(name) {
  const entry = require.resolve(name);
  const root = entry.slice(0, entry.lastIndexOf(path.join(name, "build")) + name.length);
  return JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")).version;
}
const versions = {
  node: process.version,
  "socket.io-parser": versionOf("socket.io-parser"),
  "engine.io-parser": versionOf("engine.io-parser"),
};

let seed = 42;
function random(n) {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = (list) => list[random(list.length)];

function write(name, rows, by = versions) {
  const lines = rows.map((row) => "  " + JSON.stringify(row));
  fs.writeFileSync(path.join(OUT, name), `{"versions":${JSON.stringify(by)},"rows":[\n${lines.join(",\n")}\n]}\n`);
  console.log(`${name}: ${rows.length} rows`);
}

const distinct = (list) => [...new Set(list)];
// Text that has no UTF-8 form cannot arrive.
const wellFormed = (text) => Buffer.from(text).toString() === text;

// ---- JSON: is it accepted, and what does it mean -------------------------------------------------------------------

const validJson = [
  "0", "-0", "1", "-1", "10", "0.0", "0.10", "1.5", "-1.5e3", "1e0", "1E0", "1e+1", "1e-1", "0e0", "0E+0", "1e400", "-1e400",
  "123456789", "1234567890", "2147483647", "2147483648", "-2147483648", "-2147483649", "9007199254740993",
  "9223372036854775807", "9223372036854775808", "123456789012345678", "1234567890123456789", "12345678901234567890", "5e-324",
  "1.7976931348623157e308", "0.1", "1e21", "1e-7",
  "true", "false", "null", '""', '"a"', '"\\""', '"\\\\"', '"\\/"', '"/"', '"\\b\\f\\n\\r\\t"', '"\\u0000"', '"\\u00e9"',
  '"\\u00E9"', '"\\uABCD"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud800\\ud800\\udc00"', '"\u007f"',
  '"\u0080"', '"\u00e9"', '"\u20ac"', '"\ud83d\ude00"', '"\u2028\u2029"', '"\ufeff"', '"\uffff"', '"[1,2]"', '"{"', '"a,b"',
  '"12345678"', '"1234567\\n"', '"12345678\\n12345678"', '"1234567890123456\\""', '"1234567\u00e91234567"',
  "[]", "{}", "[[]]", "[{}]", '{"a":[]}', '{"":0}', '{"a":1,"a":2}', '{"__proto__":1}', '{"a":{"b":{"c":[1,[2,[3]]]}}}',
  "[1,2,3]", '[1,"a",null,true,{"b":[]}]', '{"a":1,"b":"c","d":null}', '{"a\\nb":1}', '{"\\u0061":1}',
  '{"constructor":1,"toString":2}', "[[[[[[[[[[]]]]]]]]]]",
  " 1 ", "\t1\n", "\r1\r\n", "[ ]", "{ }", "[ 1 , 2 ]", '{ "a" : 1 , "b" : 2 }', "[\n]", '{\t"a"\r:\n1}',
];
const invalidJson = [
  "", " ", "+1", "01", "-01", "00", "1.", ".1", "-.1", "-", "--1", "1e", "1e+", "1.e1", "1.5.5", "0x1", "0b1", "1_000", "1a",
  "NaN", "Infinity", "-Infinity", "undefined", "TRUE", "True", "tru", "truee", "nul", "nulll", "fals", "falsee", "t", "f", "n",
  '"', '"a', 'a"', "'a'", '"\\"', '"\\x41"', '"\\u"', '"\\u1"', '"\\u12"', '"\\u123"', '"\\u123g"', '"\\U0041"', '"\\\u00e9"', '"\\0"',
  '"\\v"', '"\\a"', '"\\\'"', '"\n"', '"\t"', '"\u0000"', '"\u001f"', '"\r"', '"1234567\n"', '"12345678\u0001"', '"123456789\u001f1"',
  "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", "[1}", "{]", "[)", "[[]", "[]]", "{}}",
  '{"a"}', '{"a":}', '{"a":1,}', '{,"a":1}', '{"a":1,,"b":2}', '{"a" 1}', '{"a":1 "b":2}', "{a:1}", "{'a':1}", "{1:1}", "{null:1}",
  '{"a":1', '{"a":', '{"a"', '{"a":1]', '{"a":1:2}', '{"a",1}', '["a":1]', '[{"a":1]}', '{"a":[1}', '"a" "b"', "1 2", "1,2", "{}{}",
  "[][]", "[]1", "//", "/**/1", "1//", "[1,//\n2]", "#", "\u00a01", "1\u00a0", "\ufeff1", "1\ufeff", "\u2028" + "1", "\f1", "1\v", "\u00001",
  "1\u0000", "[1\u00a0]", "\u00e9", "\ud83d\ude00", "`1`", "(1)", "{[1]:2}", "[...[]]", "1;", "\\u0031", '"\\u00 1"', '{"a\n":1}', "-a", "1e1.5",
  "1E+-1", "- 1", "1 e1", "[-]", "[1e]", '{"a":tru}', "[nul]",
];

function meaningOf(json) {
  try {
    return { json, value: JSON.stringify(JSON.parse(json)) };
  } catch {
    return { json };
  }
}

const jsonAlphabet = ["{", "}", "[", "]", ",", ":", '"', '"a"', '"b":', "\\", "\\u00e9", "1", "0", "-", ".", "e", "+", "true", "null", " ", "\n", "\u00e9"];
function randomJson(depth) {
  switch (random(depth > 4 ? 6 : 8)) {
    case 0: return String(random(2000) - 1000);
    case 1: return pick(["1.5", "-0.25e-3", "1e5", "0", "-0"]);
    case 2: return pick(["true", "false", "null"]);
    case 3: return JSON.stringify(pick(["", "a", "hello world", "\u00e9\u20ac\ud83d\ude00", 'quote " and \\ back', "line\nline", "x".repeat(random(40))]));
    case 4: return pick(validJson);
    case 5: return '"' + pick(["\\u0041", "\\/", "\\ud800", "12345678", "1234567\\t"]).repeat(random(4)) + '"';
    case 6: return "[" + Array.from({ length: random(4) }, () => randomJson(depth + 1)).join(pick([",", ", ", ",\n"])) + "]";
    default: return "{" + Array.from({ length: random(4) }, (_, i) => `"${pick(["a", "b", "k" + i, "\\u0061"])}":${randomJson(depth + 1)}`).join(",") + "}";
  }
}
function mutate(text) {
  const at = random(text.length + 1);
  switch (random(3)) {
    case 0: return text.slice(0, at) + text.slice(at + 1);
    case 1: return text.slice(0, at) + pick(jsonAlphabet) + text.slice(at);
    default: return text.slice(0, at) + pick(jsonAlphabet) + text.slice(at + 1);
  }
}

const json = [...validJson, ...invalidJson];
for (let i = 0; i < 300; i++) json.push(randomJson(0));
for (let i = 0; i < 500; i++) json.push(mutate(randomJson(0)));
for (let i = 0; i < 150; i++) json.push(Array.from({ length: 1 + random(8) }, () => pick(jsonAlphabet)).join(""));
write("json.json", distinct(json).filter(wellFormed).map(meaningOf));

// ---- Socket.IO: what the decoder makes of a text message and the binary messages behind it ---------------------------

const attachmentBytes = (i) => Buffer.from([i, 0xff, 0x00, i]);

function shown(value) {
  if (Buffer.isBuffer(value)) return { $binary: value.toString("base64") };
  if (Array.isArray(value)) return value.map(shown);
  if (value && typeof value === "object") {
    const copy = Object.create(null);
    for (const key of Object.keys(value)) copy[key] = shown(value[key]);
    return copy;
  }
  return value;
}

// attachments: how many binary messages follow the text, one of them at a time for as long as the decoder takes them
function verdictOf(text, attachments, options) {
  const decoder = new socketIo.Decoder(options);
  let packet;
  decoder.on("decoded", (p) => (packet = p));
  const row = { text, attachments };
  try {
    decoder.add(text);
    for (let i = 0; i < attachments; i++) {
      row.taken = i;
      decoder.add(attachmentBytes(i));
    }
    delete row.taken;
  } catch (e) {
    return { ...row, error: e.message };
  }
  if (packet === undefined) return { ...row, pending: true };
  delete row.taken;
  return {
    ...row,
    type: packet.type,
    nsp: packet.nsp,
    ...(packet.id !== undefined && { id: String(packet.id) }),
    ...(packet.data !== undefined && { data: JSON.stringify(shown(packet.data)) }),
  };
}

const types = ["0", "1", "2", "3", "4", "7", "8", "9", " ", "\t", "\n", "\u00a0", "\ufeff", "\u2003", "x", "-", "[", "{", "b", "\u00e9", "\ud83d\ude00", "\u0000"];
const namespaces = ["", "/", "/,", "/admin", "/admin,", "//,", "/a?b=c,", "/\u00e9,", "/a b,", "/a{},", "/1,", ",", "admin,", "/" + "n".repeat(70) + ",", "/[\"x\"],"];
const ids = ["", "0", "1", "12", "007", "-1", "+1", "1.5", "1e3", " ", "1 ", " 1", "1 2", "\t", "\u00a0", "1\u2003", "\u00e9", "123456789012345", "1234567890123456",
  "9007199254740993", "4611686018427387904", "9223372036854775807", "9223372036854775808", "12345678901234567890", "9".repeat(40), "0".repeat(40) + "5", "1".repeat(310)];
const payloads = ["", "{}", '{"a":1}', "[]", '["x"]', '["x",1]', '["x",{"a":[1,2]},null]', "null", "true", "1", '"x"', "[1]", "[1.0]", "[-0]", "[1e21]", "[1e-7,2]",
  "[1e400]", "[null]", "[true]", "[[]]", "[{}]", '[""]', '["connect"]', '["connect_error"]', '["disconnect"]', '["disconnecting"]', '["newListener"]', '["removeListener"]',
  '["error"]', '["connection"]', '["Connect"]', '["\\u0063onnect"]', '["conn\\u0065ct"]', '["x\\n"]', '["\\ud800"]', '["__proto__"]', '["x"', '["x",]', '["x"]]', '["x"] ',
  '["x"]\n', '["x"]\u00a0', '["x"]x', '[ "x" , 1 ]', '[\n"x"\n]', "{", '{"a":1}x', '{"a":1} ', "[x]", '["\n"]', "\u0000", '{"_placeholder":true,"num":0}', '["x",{"_placeholder":true,"num":0}]'];
const texts = [];
for (const type of types) for (const payload of ["", "{}", '["x"]']) texts.push(type + payload);
for (const type of ["0", "1", "2", "3", "4"]) {
  for (const payload of payloads) texts.push(type + payload);
  for (const nsp of namespaces) texts.push(type + nsp, type + nsp + '["x"]', type + nsp + "{}");
}
for (const id of ids) for (const nsp of ["", "/a,"]) texts.push("2" + nsp + id + '["x",1]', "3" + nsp + id + "[1]", "2" + nsp + id, "3" + nsp + id);
for (let i = 0; i < 600; i++) texts.push(pick(["0", "1", "2", "3", "4", "2", "2"]) + pick(namespaces) + pick(ids) + pick(payloads));
for (let i = 0; i < 400; i++) texts.push(mutate(pick(["2", "3", "0"]) + pick(namespaces) + pick(ids) + pick(payloads)));
for (let i = 0; i < 100; i++) texts.push("2[" + ['"x"', ...Array.from({ length: random(4) }, () => randomJson(2))].join(",") + "]");

const counts = ["", "0", "1", "2", "3", "10", "11", "100", "01", "1.0", "1e0", "1e1", "10e-1", "0x1", "0X2", "0xb", "0o1", "0b1", "0b10", "+1", "+0x1", " 1", "1 ", "\n1", "\u00a01\u2003", "1.", ".1e1",
  "1.5", ".", "e", "1e", "0x", "0xg", "1_0", "Infinity", "infinity", "NaN", "a", "1a", "1,", "/", "[", "1e400", "0.0", "1\u0000", "9".repeat(30), "\u0661", "\u00e9"];
const binaryPayloads = ['["x"]', "", "[]", "{}", "[1]", '["connect"]', '["x",{"_placeholder":true,"num":0}]', '["x",{"num":0,"_placeholder":true}]', '["x",{"_placeholder":true,"num":1}]',
  '["x",{"_placeholder":true,"num":-0}]', '["x",{"_placeholder":true,"num":0.0}]', '["x",{"_placeholder":true,"num":0e5}]', '["x",{"_placeholder":true,"num":1e0}]', '["x",{"_placeholder":true,"num":0.5}]',
  '["x",{"_placeholder":true,"num":-1}]', '["x",{"_placeholder":true,"num":"0"}]', '["x",{"_placeholder":true,"num":null}]', '["x",{"_placeholder":true,"num":[0]}]', '["x",{"_placeholder":true}]',
  '["x",{"_placeholder":true,"num":1e400}]', '["x",{"_placeholder":true,"num":99999999999999999999}]',
  '["x",{"_placeholder":false,"num":0}]', '["x",{"_placeholder":1,"num":0}]', '["x",{"_placeholder":"true","num":0}]', '["x",{"_placeholder":null,"num":7}]', '["x",{"_placeholder":{},"num":0}]',
  '["x",{"_placeholder":true,"num":0,"extra":[1,{"a":2}]}]', '["x",{"a":{"_placeholder":true,"num":0}}]', '["x",[{"_placeholder":true,"num":0}]]', '["x",[[{"b":[{"_placeholder":true,"num":0}]}]]]',
  '["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]', '["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', '["x",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
  '["x",{"_placeholder":true,"_placeholder":false,"num":0}]', '["x",{"_placeholder":false,"_placeholder":true,"num":0}]', '["x",{"_placeholder":true,"num":5,"num":0}]', '["x",{"_placeholder":true,"num":0,"num":5}]',
  '["x",{"\\u005fplaceholder":true,"num":0}]', '["x",{"_placeholder":true,"\\u006eum":0}]', '["x",{"_placeholder ":true,"num":0}]',
  '["x",{"_placeholder":true,"num":0,"a":{"_placeholder":true,"num":9}}]', '["x",{"a":{"_placeholder":true,"num":9},"_placeholder":true,"num":0}]', '["x",{"_placeholder":true,"num":{"_placeholder":true,"num":0}}]',
  '["x", { "_placeholder" : true , "num" : 0 } ]', '["x",{"\\ud83d\\ude00":{"_placeholder":true,"num":0},"e\\"}":1}]', '["x","{\\"_placeholder\\":true,\\"num\\":0}"]', '[{"_placeholder":true,"num":0}]',
  '{"_placeholder":true,"num":0}', '["x",1,"a",null,true,{"_placeholder":true,"num":0},false,-1.5e3,[],{}]', '["x",{"_placeholder":true,"num":0', "[1,{\"_placeholder\":true,\"num\":0}]"];
const binaryRows = [];
for (const type of ["5", "6"]) {
  for (const count of counts) binaryRows.push([type + count + '-["x"]', 1], [type + count + '["x"]', 0]);
  for (const payload of binaryPayloads) for (const count of [1, 2]) binaryRows.push([`${type}${count}-${payload}`, count]);
  for (const nsp of namespaces) binaryRows.push([type + "1-" + nsp + '7["x",{"_placeholder":true,"num":0}]', 1]);
  binaryRows.push([type, 0], [type + "-", 0], [type + "1-", 0], [type + "1-", 1], [type + "1-/a", 1], [type + "1-/a,3", 1], [type + "2-", 1], [type + "10-[\"x\"]", 10], [type + "1-[\"x\"]", 2]);
}
binaryRows.push(['2["x"]', 1], ["0", 1]);
for (let i = 0; i < 200; i++) {
  const count = 1 + random(3);
  binaryRows.push([mutate(`${pick(["5", "6"])}${count}-${pick(["", "/a,"])}${pick(["", "1"])}${pick(binaryPayloads)}`), count]);
}
const keys = new Set();
const rows = [];
for (const [text, attachments] of [...texts.map((t) => [t, 0]), ...binaryRows]) {
  const key = attachments + text;
  // The engine never hands an empty message on as text; it fails there.
  if (text === "" || !wellFormed(text) || keys.has(key)) continue;
  keys.add(key);
  rows.push(verdictOf(text, attachments));
}
write("socket-io-packets.json", rows);

// ---- Socket.IO: what the encoder writes ------------------------------------------------------------------------------

const strings = ["", "a", "\"", "\\", "/", "\b\f\n\r\t", "\u0000\u0001\u000b\u001e\u001f", "\u007f", "\u0080", "\u00e9", "\u20ac", "\u2028\u2029", "\ud83d\ude00", "\ud800", "\udc00", "\ud800a", "a\udc00", "\ud800\ud800\udc00", "\ufeff",
  "12345678\n", "x".repeat(100), "x".repeat(70) + "\n" + "y".repeat(70), "\u00e9".repeat(80), "\ud83d\ude00".repeat(40) + "\ud83d", "?".repeat(70) + "\udc00", "a".repeat(63) + "\"", "</script>"];
const numbers = [0, -0, 1, -1, 1.5, 0.1, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7, 1.5e-7, -1.5e300, 1e-320, 1.7976931348623157e308, 2 ** 53, 2 ** 53 + 2, 4611686018427387904, 1 / 3, 100, 1e100, 123.456, 0.000001234,
  2 ** -44, 9.5e-5, 12345.678e10, NaN, Infinity, -Infinity, 2e23, 1e23, 4.35, 0.3, 2.2250738585072014e-308];
const encoder = new socketIo.Encoder();
write("socket-io-scalars.json", [
  ...strings.map((value) => ({ units: [...Array(value.length).keys()].map((i) => value.charCodeAt(i)), text: encoder.encode({ type: 2, nsp: "/", data: [value] })[0] })),
  ...numbers.map((value) => {
    const bits = Buffer.alloc(8);
    bits.writeDoubleBE(value);
    return { bits: bits.toString("hex"), text: encoder.encode({ type: 2, nsp: "/", data: ["x", value] })[0] };
  }),
]);

// ---- Engine.IO: packets and payloads ---------------------------------------------------------------------------------

function enginePacket(packet) {
  if (packet.type === "error") return { type: "error" };
  if (Buffer.isBuffer(packet.data)) return { type: "binary", data: packet.data.toString("hex") };
  return packet.data === undefined ? { type: packet.type } : { type: packet.type, data: packet.data };
}
const base64 = ["", "=", "==", "A", "AQ", "AQ=", "AQ==", "AQ===", "AQI", "AQI=", "AQID", "AQIDBA==", "AQIDBA", "AQID=BA", "AQ==AQ==", "=AQID", "-_-_", "+/+/", "-/+_", "AQ ID", "AQ\nID\r\n", "bAQ*ID!BA==", "AQID\u00e9BA==", "AQIDB",
  "////", "____", "AAAA", "AA\u0000AA", "A=Q=", "...."];
const base64Chars = "ABCDwxyz0189+/-_";
for (let i = 0; i < 200; i++) {
  base64.push(Array.from({ length: random(24) }, () => (random(12) === 0 ? pick(["=", " ", "\n", "*", "\u00e9", "\u20ac"]) : base64Chars[random(base64Chars.length)])).join(""));
}
const enginePackets = ["", "0", '0{"sid":"x"}', "1", "1x", "2", "2probe", "2probex", "2x", "2prob", "2Probe", "3", "3probe", "3x", "4", "4hello", "4\u00e9\u20ac\ud83d\ude00", "42[\"x\"]", "4\n", "5", "5x", "6", "6x", "7", "8", "9", "a", "b", "c",
  "B", "-1", " ", " 4", "\n4", "\ufeff4", "\u00e9", "open", "message", "__proto__", "toString", "4b", "\u0000", "44\u001d", ...base64.map((text) => "b" + text)];
write("engine-io-packets.json", distinct(enginePackets).map((text) => ({ text, packet: enginePacket(engineIo.decodePacket(text)) })));

const bodies = [];
const body = (value) => bodies.push(Buffer.from(value));
for (const text of ["", "4", "4a", "4a\x1e4b", "\x1e", "4a\x1e", "\x1e4a", "4a\x1e\x1e4b", "2\x1e4a", "1\x1e4a", "4a\x1ebAQID\x1e4b", "4a\x1e9\x1e4b", "4a\x1ebAQ\x1e4b", "3\x1e6\x1e5\x1e0", "4\u00e9\x1e4\ud83d\ude00",
  "4" + "x".repeat(30) + "\x1e4" + "y".repeat(30), "4a\x1f4b", "4a\x1d4b", "4a\u001e4\u009e", "4a\u009e4b", "x", "4a\x1ex"]) body(text);
for (const bytes of ["34ff", "34fffe", "34e282", "34e2821e3461", "34c0af", "34eda080", "34f4908080", "34f09f98", "34f09f981e34", "80", "34c3a9ff34", "34c3", "34e2", "34f8888080", "34f0808080", "34e08080", "6241ff51", "34efbfbd", "34f09f9880", "34c21e", "34e21e82"]) body(Buffer.from(bytes, "hex"));
for (let i = 0; i < 150; i++) {
  body(Array.from({ length: 1 + random(5) }, () => pick(enginePackets)).join("\x1e"));
}
for (let i = 0; i < 150; i++) {
  body(Buffer.from(Array.from({ length: 1 + random(12) }, () => pick([0x34, 0x1e, 0x61, 0x62, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xed, 0xa0, 0xf4, 0x90]))));
}
write("engine-io-payloads.json", bodies.map((bytes) => ({ body: bytes.toString("hex"), packets: engineIo.decodePayload(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)).map(enginePacket) })));

// ---- Engine.IO 3: packets, payloads, and what is written ---------------------------------------------------------------

const parser3 = require(path.join(path.dirname(require.resolve("engine.io")), "..", "build", "parser-v3"));
const versions3 = { node: process.version, "engine.io": versionOf("engine.io") };
// A type that does not exist, in binary data, means nothing; what a packet other than a message has as binary data, too.
function packet3(packet) {
  if (packet.type === undefined) return { type: "noop" };
  if (Buffer.isBuffer(packet.data) && packet.type !== "message") return { type: packet.type };
  return enginePacket(packet);
}
const write3 = (name, rows) => write(name, rows, versions3);

const texts3 = [...enginePackets.filter((text) => !text.startsWith("b")), "b", ...["4", "2", "1", "3", "5", "6", "0", "7", "x", " "].flatMap((type) => ["b" + type, `b${type}AQID`]), ...base64.map((text) => "b4" + text)];
const octets3 = ["", ...["00", "01", "02", "03", "04", "05", "06", "07", "34", "62", "ff"].flatMap((type) => [type, type + "010203", type + "70726f6265"])];
write3("engine-io-3-packets.json", [
  ...distinct(texts3).map((text) => ({ text, packet: packet3(parser3.decodePacket(text)) })),
  ...octets3.map((octets) => ({ octets, packet: packet3(parser3.decodePacket(Buffer.from(octets, "hex"))) })),
]);

/** What is delivered up to the first error, behind which a session takes nothing any more. */
function deliveredOf(body, octets) {
  const packets = [];
  const data = octets ? body : new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
  parser3.decodePayload(data, (packet) => {
    if (packets.at(-1)?.type !== "error") packets.push(packet3(packet));
  });
  return packets;
}
const bodies3 = [];
const text3 = (body) => bodies3.push([Buffer.from(body), false]);
const octet3 = (...bytes) => bodies3.push([Buffer.from(bytes.flat()), true]);
const item3 = (packet) => `${packet.length}:${packet}`;
const itemOf = (kind, data) => [kind, ...[...String(Buffer.from(data).length)].map(Number), 255, ...Buffer.from(data)];
for (const text of ["", "0:", ":", ":4", "1:", "1:4", "0:0:1:4", "4hello", "6:4hello", "06:4hello", "0000000006:4hello", "3:4hello", "9:4hello", "x:4hello", "6", "6:", "-1:4", "8:4\u20ac\u20ac", "3:4\u20ac\u20ac",
  "2:4a2:4b", "2:4a2:9b2:4c", "2:4arubbish", "2:4a:", "2:4a2:", "4a\x1e4b", "3:4\ud83d\ude00", "3:4\ud83d\ude001:2", "2:2x1:31:11:61:01:5", "6:b4AQID2:4a", "1:b", "2:b4", "6:b9AQID1:2", "99999999999999999999:4", "134217728:4", "1:62:4a",
  "\u0661:4", "6;4hello", "2:4\n", "2:4\u0000", "3:4\u00e9\u00e9", item3("4" + "x".repeat(3000)), "1:41:9", "0:9", "1::", "2:::"]) text3(text);
for (const bytes of ["323a34ff", "333a34fffe", "333a34e282", "323a34e282", "333a34f09f98", "323a34f09f98", "313a34ff", "ff"]) bodies3.push([Buffer.from(bytes, "hex"), false]);
for (let i = 0; i < 200; i++) text3(Array.from({ length: 1 + random(4) }, () => item3(pick(texts3))).join(""));
for (let i = 0; i < 300; i++) text3(Array.from({ length: 1 + random(12) }, () => pick(["1", "2", "3", "4", "6", "0", ":", ":", "a", "b", "\u00e9", "\u20ac", "\ud83d\ude00"])).join(""));
octet3();
for (const data of ["", "4", "4hello", "4h\u00e9\u20ac\ud83d\ude00", "2", "1", "9", "b4AQID", "b", "b9", "\u00e9", "x"]) octet3(itemOf(0, data));
for (const data of [[], [4], [4, 1, 2, 3], [2], [1], [9, 1], [0x34, 0x61]]) octet3(itemOf(1, data));
for (const kind of [2, 7, 0x30, 255]) octet3(itemOf(kind, [4, 1]), itemOf(0, "4a"));
octet3(itemOf(0, "4a"), itemOf(1, [4, 9]), itemOf(0, "4b"));
octet3(itemOf(0, "4a"), itemOf(0, "9"), itemOf(0, "4b"));
octet3(itemOf(0, "4a"), [0, 1]);
for (const bytes of ["ff", "00", "01", "00ff", "0001ff", "0009ff34", "0102ff04", "010aff0401", "0164ff0401020304", "01ff", "01ff04", "01ffff04", "0000ff", "000001ff34", "01010203", "363a3468656c6c6f", "000103ff34c3a9", "0003ff34c3a9",
  "0004ff34eda080", "0007ff34eda080edb080", "0004ff34edbfbf", "0003ff34c0af", "0002ff34ff", "0003ff34e282", "0005ff34f4908080", "0005ff34f0808080", "0006ff34f888808080", "0004ff34e08080", "0005ff34f09f9880", "0004ff34efbfbd", "00030100ff34"]) {
  bodies3.push([Buffer.from(bytes, "hex"), true]);
}
bodies3.push([Buffer.concat([Buffer.from([1]), Buffer.alloc(309, 0), Buffer.from([2, 255, 4, 7])]), true]);
bodies3.push([Buffer.concat([Buffer.from([1]), Buffer.alloc(400, 0), Buffer.from([2, 255, 4, 7])]), true]);
bodies3.push([Buffer.concat([Buffer.from([1]), Buffer.alloc(20, 9), Buffer.from([255, 4, 7])]), true]);
for (let i = 0; i < 200; i++) octet3(Array.from({ length: 1 + random(4) }, () => (random(2) ? itemOf(0, pick(texts3)) : itemOf(1, Array.from({ length: random(6) }, () => random(8))))).flat());
for (let i = 0; i < 400; i++) octet3(Array.from({ length: 1 + random(14) }, () => pick([0, 1, 2, 3, 4, 9, 10, 100, 255, 255, 255, 0x34, 0x34, 0x62, 0x61, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0xe2])));
const payloadKeys = new Set();
write3("engine-io-3-payloads.json", bodies3.flatMap(([bytes, octets]) => {
  const key = octets + bytes.toString("hex");
  const packets = deliveredOf(bytes, octets);
  // Half of a character has no UTF-8 form; see CountedPayload.
  if (payloadKeys.has(key) || packets.some(({ data }) => data !== undefined && !wellFormed(data))) return [];
  payloadKeys.add(key);
  return [{ body: bytes.toString("hex"), octets, packets }];
}));

const messages3 = [["a"], [""], ["h\u00e9llo \u20ac\ud83d\ude00"], ["\u2028\u2029\"\\\n\r\t\b\f\u0000\u001f\u007f"], ["a", "\u00e9", "\ud83d\ude00"], [Buffer.from([1, 2, 3])], [Buffer.alloc(0)], ["a", Buffer.from([1])], [Buffer.from([1]), "\u00e9"],
  ["x".repeat(200)], [Buffer.alloc(200, 7)], ["</script>\\n\\\\n"]];
for (let i = 0; i < 60; i++) {
  messages3.push(Array.from({ length: 1 + random(4) }, () => (random(2) ? Buffer.from(Array.from({ length: random(300) }, () => random(256))) : Array.from({ length: random(20) }, () => pick(["a", "\u00e9", "\u20ac", "\ud83d\ude00", "\n", "\\", "n", "\u2028", "4", ":", "\u0001"])).join(""))));
}
const hexOf = (data) => Buffer.from(data).toString("hex");
write3("engine-io-3-encoded.json", messages3.map((messages) => {
  const packets = messages.map((data) => ({ type: "message", data }));
  const row = { messages: messages.map((data) => (Buffer.isBuffer(data) ? { octets: hexOf(data) } : { text: data })) };
  parser3.encodePayload(packets, false, (text) => (row.text = hexOf(text)));
  parser3.encodePayload(packets, true, (data) => {
    if (Buffer.isBuffer(data)) row.octets = hexOf(data);
  });
  row.frames = [];
  row.base64Frames = [];
  for (const packet of packets) {
    parser3.encodePacket(packet, true, (data) => row.frames.push(hexOf(data)));
    parser3.encodePacket(packet, false, (data) => row.base64Frames.push(hexOf(data)));
  }
  return row;
}));
