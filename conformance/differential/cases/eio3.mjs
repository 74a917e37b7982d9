// Engine.IO protocol 3 and Socket.IO protocol 4, where the server allows them.

import { Family } from "../lib/cases.mjs";
import { OPCODE, binary, close, frame, text } from "../lib/ws.mjs";

const engine = new Family("eio3", "eio3-engine");
const socket = new Family("eio3 socket.io", "eio3");
export default [engine, socket];

const POLLING = "EIO=3&transport=polling";
const WEBSOCKET = "EIO=3&transport=websocket";
const OCTETS = { "Content-Type": "application/octet-stream" };

/** A packet as an item of a text payload: its length in UTF-16 units, a colon, the packet. */
const item = (packet) => `${packet.length}:${packet}`;

/** A packet as an item of a binary payload. */
function octets(kind, data) {
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from([kind, ...String(bytes.length).split("").map(Number), 255]), bytes]);
}

/** The handshake's sid is found in the payload whatever its form. */
async function polling(t, query = POLLING) {
  return t.polling({ query });
}

function handshake(name, query) {
  engine.add(`handshake ${name}`, (t) => t.exchange(t.get(query)));
}
handshake("EIO=3", POLLING);
handshake("no EIO", "transport=polling");
handshake("EIO=2", "EIO=2&transport=polling");
handshake("EIO=4", "EIO=4&transport=polling");
handshake("b64", `${POLLING}&b64=1`);
handshake("j", `${POLLING}&j=3`);
engine.add("handshake of a WebSocket", async (t) => {
  const c = await t.webSocket({ query: WEBSOCKET });
  c.send(text("4hello"));
  await t.answer(c);
  await t.settle();
});
engine.add("handshake of a WebSocket without EIO", async (t) => {
  const c = await t.webSocket({ query: "transport=websocket" });
  c.send(text("2"));
  await t.answer(c);
  await t.settle();
});

/** A post, then polls. */
function post(name, body, { query = POLLING, headers, pending = false } = {}) {
  engine.add(`post ${name}${pending ? ", poll pending" : ""}`, async (t) => {
    const session = await polling(t, query);
    if (pending) await session.startPoll();
    await t.settle();
    await session.startPost(body, { headers });
    await t.answer(session.postConnection);
    await t.settle();
    for (let i = 0; i < 2 && session.pollConnection.methods.length === 0; i++) {
      await session.startPoll();
      await t.settle();
    }
  });
}

for (const [name, body, options] of [
  ["of a message", item("4hello")],
  ["of an empty message", item("4")],
  ["of a message in UTF-8", item("4héllo €😀")],
  ["of two messages", item("4a") + item("4b")],
  ["of binary in base64", item("b4AQID")],
  ["of text and binary in base64", item("4a") + item("b4AQID")],
  ["of a ping", item("2")],
  ["of a ping with data", item("2probe")],
  ["of a pong", item("3")],
  ["of a close", item("1")],
  ["of a noop", item("6")],
  ["of an upgrade", item("5")],
  ["of an open", item("0")],
  ["of an unknown type", item("9")],
  ["of an empty body", ""],
  ["of an empty item", "0:"],
  ["without a length", "4hello"],
  ["with a length that is too small", "3:4hello"],
  ["with a length that is too large", "9:4hello"],
  ["with a length with leading zeros", "06:4hello"],
  ["with a length that is no number", "x:4hello"],
  ["with a negative length", "-1:4hello"],
  ["with a length in bytes", "8:4€€"],
  ["of a message and rubbish", `${item("4a")}rubbish`],
  ["in the form of revision 4", "4a\x1e4b"],
]) {
  post(name, body, options);
  post(name, body, { ...options, pending: true });
}
for (const [name, body] of [
  ["of binary octets", octets(1, [4, 1, 2, 3])],
  ["of text in octets", octets(0, "4hello")],
  ["of text in UTF-8 in octets", octets(0, "4h\u00c3\u00a9")],
  ["of text and binary in octets", Buffer.concat([octets(0, "4a"), octets(1, [4, 9])])],
  ["of a ping in octets", octets(0, "2")],
  ["of empty octets", Buffer.alloc(0)],
  ["of broken octets", Buffer.from([1, 9, 255, 4])],
  ["of octets without an end of the length", Buffer.from([1, 2, 3])],
  ["of octets of another kind", Buffer.from([7, 1, 255, 0x34])],
  ["of text as octets", Buffer.from("6:4hello")],
]) {
  post(name, body, { headers: OCTETS });
}
post("of binary in base64 with b64", item("b4AQID"), { query: `${POLLING}&b64=1` });
post("of text and binary with b64", item("4é") + item("b4AQID"), { query: `${POLLING}&b64=1` });
post("of octets with b64", octets(1, [4, 1, 2]), { query: `${POLLING}&b64=1`, headers: OCTETS });

// Over a WebSocket.
function frames(name, list, answers = 1) {
  engine.add(`WebSocket ${name}`, async (t) => {
    const c = await t.webSocket({ query: WEBSOCKET });
    c.send(Buffer.concat(list));
    if (answers > 0) await t.answer(c, answers);
    await t.settle();
    if (c.state !== "open") return;
    c.send(text("4after"));
    await t.settle();
  });
}
frames("ping", [text("2")]);
frames("ping with data", [text("2probe")]);
frames("pong", [text("3")]);
frames("close", [text("1")], 0);
frames("noop", [text("6")], 0);
frames("unknown type", [text("9")]);
frames("empty text", [text("")]);
frames("base64", [text("b4AQID")]);
frames("base64 without a type", [text("b")]);
frames("binary message", [binary([4, 1, 2, 3])]);
frames("binary without data", [binary([4])]);
frames("binary of another type", [binary([2, 1])]);
frames("binary of an unknown type", [binary([9, 1])]);
frames("empty binary", [binary([])]);
frames("UTF-8", [text("4héllo €😀")]);
frames("close frame", [close(1000)]);
frames("ping frame", [frame(OPCODE.ping, "x")]);
engine.add("WebSocket with b64", async (t) => {
  const c = await t.webSocket({ query: `${WEBSOCKET}&b64=1` });
  c.send(binary([4, 1, 2]));
  await t.answer(c);
  await t.settle();
});

// Upgrades.
for (const [name, query] of [["EIO=3", WEBSOCKET], ["EIO=4", "EIO=4&transport=websocket"], ["no EIO", "transport=websocket"]]) {
  engine.add(`upgrade with ${name}`, async (t) => {
    const session = await polling(t);
    const c = await t.exchange(t.upgradeRequest(`${query}&sid=${session.sid}`));
    if (!c.isWebSocket) return;
    c.send(text("2probe"));
    await t.settle();
    await session.startPoll();
    await t.settle({ idle: 250 });
    c.send(text("5"));
    await t.settle();
    c.send(text("2"));
    c.send(text("4a"));
    await t.settle();
  });
}
engine.add("session of revision 4 asked with 3", async (t) => {
  const session = await t.polling();
  await t.exchange(t.get(`${POLLING}&sid=${session.sid}`));
  await t.exchange(t.post(`${POLLING}&sid=${session.sid}`, item("4a")));
});
engine.add("session of revision 3 asked with 4", async (t) => {
  const session = await polling(t);
  await t.exchange(t.get(`EIO=4&transport=polling&sid=${session.sid}`));
  await t.exchange(t.post(`EIO=4&transport=polling&sid=${session.sid}`, "4a"));
});
engine.add("JSONP of protocol 3", async (t) => {
  const c = await t.connect();
  c.request(t.get(`${POLLING}&j=3`));
  const [response] = await t.take(c);
  const sid = /\\"sid\\":\\"([^"]+)\\"/.exec(response.body.toString())?.[1];
  await t.exchange(t.post(`${POLLING}&j=3&sid=${sid}`, `d=${encodeURIComponent(item("4é\n"))}`), c);
  await t.exchange(t.get(`${POLLING}&j=3&sid=${sid}`), c);
});

// Socket.IO: the main namespace is joined without a CONNECT.
function packets(name, list, query = WEBSOCKET, { answers = 3 } = {}) {
  socket.add(name, async (t) => {
    const c = await t.connect("ws");
    c.request(t.upgradeRequest(query));
    await t.answer(c, 1 + answers);
    await t.settle();
    for (const packet of list) {
      c.send(Buffer.isBuffer(packet) ? packet : text(packet));
      await t.settle();
    }
  });
}
packets("opening", []);
packets("event", ['42["message",1]']);
packets("event with acknowledgement", ['421["message-with-ack",1]']);
packets("binary event", ['451-["message",{"_placeholder":true,"num":0}]', binary([4, 1, 2, 3])]);
packets("binary event in base64", ['451-["message",{"_placeholder":true,"num":0}]', "b4AQID"]);
packets("ping", ["2", "2probe"]);
packets("CONNECT of the main namespace", ["40", '42["message",1]']);
packets("CONNECT of the custom namespace", ["40/custom,", '42/custom,["x"]', "41/custom,"]);
packets("CONNECT of the custom namespace with a query", ["40/custom?token=abc&x=1,"]);
packets("CONNECT of the custom namespace with a query and no comma", ["40/custom?token=abc"]);
packets("CONNECT with a payload", ['40/custom,{"a":1}']);
packets("CONNECT of an unknown namespace", ["40/unknown,", '42["message",1]']);
packets("CONNECT of an unknown namespace with a query", ["40/unknown?a=b,"]);
packets("DISCONNECT", ["41", '42["message",1]']);
packets("invalid packet", ["4x"]);
packets("reserved event", ['42["disconnect"]']);
packets("revision 4 on the same server", ["40", '42["message",1]'], "EIO=4&transport=websocket", { answers: 1 });
packets("query of the handshake is no auth", [], `${WEBSOCKET}&token=abc`);

socket.add("long-polling", async (t) => {
  const session = await polling(t);
  await t.settle();
  for (let i = 0; i < 2; i++) {
    await session.startPoll();
    await t.settle();
    if (session.pollConnection.methods.length > 0) break;
  }
  await session.post(item('42["message","é"]'));
  await t.settle();
  if (session.pollConnection.methods.length === 0) await session.startPoll();
  await t.settle();
});
socket.add("long-polling with b64 and a binary event", async (t) => {
  const session = await polling(t, `${POLLING}&b64=1`);
  await t.settle();
  await session.startPoll();
  await t.settle();
  await session.post(item('451-["message",{"_placeholder":true,"num":0}]') + item("b4AQID"));
  await t.settle();
  if (session.pollConnection.methods.length === 0) await session.startPoll();
  await t.settle();
});
socket.add("long-polling with a binary event", async (t) => {
  const session = await polling(t);
  await t.settle();
  await session.startPoll();
  await t.settle();
  await session.post(item('451-["message",{"_placeholder":true,"num":0}]') + item("b4AQID"));
  await t.settle();
  if (session.pollConnection.methods.length === 0) await session.startPoll();
  await t.settle();
});
