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

// JSONP. Clients that use it always ask for base64.
async function jsonp(t, index = "0", { headers } = {}) {
  const c = await t.connect();
  const query = `${POLLING}&b64=1&j=${index}`;
  c.request(t.get(query, { headers }));
  const [response] = await t.take(c);
  const sid = /\\"sid\\":\\"([^"]+)\\"/.exec(response.body.toString())?.[1];
  return { connection: c, query: `${query}&sid=${sid}` };
}
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
/** A payload as clients put it into their form: line feeds as \n, and a backslash more in front of what looks like it. */
const formOf = (payload) => `d=${encodeURIComponent(payload.replace(/\\n/g, "\\\\n").replace(/\n/g, "\\n"))}`;

for (const index of ["0", "12", "a1b2", "", "0)(", "%5D"]) {
  engine.add(`JSONP j=${index}`, async (t) => {
    const { connection, query } = await jsonp(t, index);
    await t.exchange(t.post(query, formOf(item("4a")), { headers: FORM }), connection);
    await t.exchange(t.get(query), connection);
  });
}
for (const [name, headers] of [["Internet Explorer 8", "Mozilla/4.0 (compatible;MSIE 8.0)"], ["Internet Explorer 11", "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0)"]]) {
  engine.add(`JSONP of ${name}`, async (t) => {
    const { connection, query } = await jsonp(t, "0", { headers: { "User-Agent": headers } });
    await t.exchange(t.post(query, formOf(item("4a")), { headers: { ...FORM, "User-Agent": headers } }), connection);
    await t.exchange(t.get(query, { headers: { "User-Agent": headers } }), connection);
  });
}
for (const [name, body] of [
  ["of a message", formOf(item("4hello"))],
  ["of a message in UTF-8", formOf(item("4héllo €😀"))],
  ["of characters that a script must not have", formOf(item('4"\\\b\t\r\f\u0000\u001f\u007f/\u2027\u2028\u2029\u202a</script>'))],
  ["of line feeds and backslashes", formOf(item("4\n\\n\\\n\\\\n\n\n\\\\\\n\\t"))],
  ["of line feeds as they are", `d=${encodeURIComponent(item("4a\nb"))}`],
  ["of escapes as they are", `d=${item("4a\nb").replace("\n", "\\n")}`],
  ["of binary in base64", formOf(item("b4AQID"))],
  ["of text and binary", formOf(item("4a") + item("b4+/+/"))],
  ["of a ping", formOf(item("2"))],
  ["of a pong", formOf(item("3"))],
  ["of a close", formOf(item("1"))],
  ["of an unknown type", formOf(item("9"))],
  ["without a length", "d=4plain"],
  ["with empty data", "d="],
  ["with a name alone", "d"],
  ["without data", "x=1"],
  ["with data twice", "d=2:4a&d=2:4b"],
  ["with other data", "a=b&d=2:4a&&c"],
  ["with an escaped name", "%64=2:4a"],
  ["with spaces", "d=4:4a+b"],
  ["with an escape that is none", "d=3:4a%25".replace("%25", "%")],
  ["with an escape of one digit", "d=4:4a%1"],
  ["with escapes that are no UTF-8", "d=3:4%E9b"],
  ["with characters that are not escaped", "d=3:4\u00e9"],
  ["that is empty", ""],
]) {
  engine.add(`JSONP post ${name}`, async (t) => {
    const { connection, query } = await jsonp(t);
    await t.exchange(t.post(query, body, { headers: FORM }), connection);
    await t.exchange(t.get(query), connection);
  });
}
engine.add("JSONP post of octets", async (t) => {
  const { connection, query } = await jsonp(t);
  await t.exchange(t.post(query, octets(1, [4, 1]), { headers: OCTETS }), connection);
  await t.exchange(t.get(query), connection);
});
engine.add("JSONP large answer, compressed", async (t) => {
  const { connection, query } = await jsonp(t);
  await t.exchange(t.post(query, formOf(item(`4${'"'.repeat(700)}`)), { headers: FORM }), connection);
  await t.exchange(t.get(query, { headers: { "Accept-Encoding": "gzip" } }), connection);
});
engine.add("JSONP session asked without j", async (t) => {
  const { connection, query } = await jsonp(t);
  const plain = query.replace("&j=0", "");
  await t.exchange(t.post(plain, formOf(item("4a")), { headers: FORM }), connection);
  await t.exchange(t.get(plain), connection);
});
engine.add("JSONP asked of a session without it", async (t) => {
  const session = await polling(t);
  await session.post(item("4a"));
  await t.exchange(t.get(`${session.query}&j=1`));
});
engine.add("JSONP without b64, binary data", async (t) => {
  const c = await t.connect();
  c.request(t.get(`${POLLING}&j=0`));
  const [response] = await t.take(c);
  const query = `${POLLING}&j=0&sid=${/\\"sid\\":\\"([^"]+)\\"/.exec(response.body.toString())?.[1]}`;
  await t.exchange(t.post(query, formOf(item("b4AQID")), { headers: FORM }), c);
  await t.exchange(t.get(query), c);
});

// Large answers.
for (const [name, body] of [["text", `4${"é".repeat(600)}`], ["octets", `b4${Buffer.alloc(2000, 7).toString("base64")}`]]) {
  for (const coding of ["gzip", "deflate", "br"]) {
    engine.add(`large ${name} for a client that accepts ${coding}`, async (t) => {
      const session = await polling(t);
      await session.post(item(body));
      await t.exchange(t.get(session.query, { headers: { "Accept-Encoding": coding } }));
    });
  }
}
engine.add("post of what is larger than allowed", async (t) => {
  const session = await polling(t);
  await session.startPoll();
  await t.settle();
  await session.startPost(item(`4${"x".repeat(1_000_000)}`));
  await t.answer(session.postConnection);
  await t.settle();
});
engine.add("two polls", async (t) => {
  const session = await polling(t);
  await session.startPoll();
  await t.settle();
  await t.exchange(t.get(session.query));
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
packets("CONNECT of a namespace that refuses", ["40/refused,", '42["message",1]']);
packets("CONNECT of a namespace that refuses, with a query", ["40/refused?a=b,"]);
packets("CONNECT of a namespace that refuses with data", ["40/refused-with-data,", '42["message",1]']);
packets("revision 4 at a namespace that refuses", ["40/refused,", "40/refused-with-data,"], "EIO=4&transport=websocket", { answers: 1 });
packets("event with the query of its namespace", ["40/custom?a=b,", '42/custom?a=b,["x"]', "41/custom?a=b,"]);
packets("event with another query than its namespace", ["40/custom?a=b,", '42/custom?c=d,["x"]', "41/custom,"]);
packets("CONNECT twice of the custom namespace", ["40/custom,", "40/custom?a=b,"]);
packets("CONNECT with a query that has escapes", ["40/custom?a=%C3%A9+x&b=%zz&c&=d&a=last,"]);
packets("CONNECT of the main namespace with a query", ["40/?a=b,"]);
packets("empty binary event", ['451-["message",{"_placeholder":true,"num":0}]', binary([4])]);
packets("binary event of two", ['452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', binary([4, 1]), "b4Ag=="]);
packets("binary event with b64", ['451-["message",{"_placeholder":true,"num":0}]', binary([4, 1, 2, 3])], `${WEBSOCKET}&b64=1`);
packets("binary event over revision 4 with b64", ["40", '451-["message",{"_placeholder":true,"num":0}]', binary([1, 2, 3])], "EIO=4&transport=websocket&b64=1", { answers: 1 });
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
