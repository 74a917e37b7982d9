// Requests for a WebSocket, valid or not, and what they are answered with.

import { Family } from "../lib/cases.mjs";
import { request } from "../lib/http.mjs";
import { KEY, close, compressedText, frame, text } from "../lib/ws.mjs";

const family = new Family("websocket handshake", "engine");
export default family;

const QUERY = "EIO=4&transport=websocket";

/** One request; a packet is sent too where it was granted, to see whether the connection works. */
function handshake(name, { query = QUERY, ...options } = {}, settings) {
  family.add(name, async (t) => {
    const c = await t.exchange(t.upgradeRequest(query, options));
    if (c.isWebSocket) c.send(text("4hello"));
    await t.settle();
  }, settings);
}

handshake("plain");

// The headers that make it a WebSocket.
for (const [name, headers] of [
  ["no key", { "Sec-WebSocket-Key": undefined }],
  ["empty key", { "Sec-WebSocket-Key": "" }],
  ["key too short", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZQ==" }],
  ["key too long", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZSBub25jZQ==" }],
  ["key that is not base64", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25j*Q==" }],
  ["key without padding", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ" }],
  ["another key", { "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==" }],
  ["no version", { "Sec-WebSocket-Version": undefined }],
  ["version 8", { "Sec-WebSocket-Version": "8" }],
  ["version 7", { "Sec-WebSocket-Version": "7" }],
  ["version 12", { "Sec-WebSocket-Version": "12" }],
  ["version 14", { "Sec-WebSocket-Version": "14" }],
  ["version 013", { "Sec-WebSocket-Version": "013" }],
  ["version 13, 8", { "Sec-WebSocket-Version": "13, 8" }],
  ["version abc", { "Sec-WebSocket-Version": "abc" }],
  ["Upgrade: WebSocket", { Upgrade: "WebSocket" }],
  ["Upgrade: websocket/13", { Upgrade: "websocket/13" }],
  ["Upgrade: websocket, h2c", { Upgrade: "websocket, h2c" }],
  ["Upgrade: h2c", { Upgrade: "h2c" }],
  ["empty Upgrade", { Upgrade: "" }],
  ["no Upgrade", { Upgrade: undefined }],
  ["no Connection", { Connection: undefined }],
  ["Connection: keep-alive, Upgrade", { Connection: "keep-alive, Upgrade" }],
  ["Connection: upgrade", { Connection: "upgrade" }],
  ["Connection: UPGRADE", { Connection: "UPGRADE" }],
  ["Connection: close", { Connection: "close" }],
  ["Connection: close, Upgrade", { Connection: "close, Upgrade" }],
  ["Sec-WebSocket-Protocol: a", { "Sec-WebSocket-Protocol": "a" }],
  ["Sec-WebSocket-Protocol: a, b", { "Sec-WebSocket-Protocol": "a, b" }],
  ["Sec-WebSocket-Protocol: a, a", { "Sec-WebSocket-Protocol": "a, a" }],
  ["Sec-WebSocket-Protocol invalid", { "Sec-WebSocket-Protocol": "a;b" }],
  ["empty Sec-WebSocket-Protocol", { "Sec-WebSocket-Protocol": "" }],
  ["Origin", { Origin: "http://elsewhere.example" }],
  ["Origin null", { Origin: "null" }],
  ["Origin with a tab", { Origin: "http://a\tb" }],
  ["Origin with latin-1", { Origin: "http://\xe9" }],
  ["Cookie", { Cookie: "io=AAAAAAAAAAAAAAAAAAAA" }],
  ["lower-case header names", {
    Connection: undefined, Upgrade: undefined, "Sec-WebSocket-Version": undefined, "Sec-WebSocket-Key": undefined,
    connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": KEY,
  }],
]) {
  handshake(name, { headers });
}
// Headers in more than one line.
for (const [name, ...lines] of [
  ["two keys", ["Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="]],
  ["two versions", ["Sec-WebSocket-Version", "13"]],
  ["two Upgrades", ["Upgrade", "websocket"]],
  ["two Connections", ["Connection", "keep-alive"]],
  ["two subprotocols in two lines", ["Sec-WebSocket-Protocol", "a"], ["Sec-WebSocket-Protocol", "b"]],
  ["the same subprotocol in two lines", ["Sec-WebSocket-Protocol", "a"], ["Sec-WebSocket-Protocol", "a"]],
]) {
  family.add(name, (t) => {
    const headers = [
      ["Connection", "Upgrade"], ["Upgrade", "websocket"], ["Sec-WebSocket-Version", "13"], ["Sec-WebSocket-Key", KEY], ...lines,
    ];
    return t.exchange(request("GET", t.target(QUERY), { headers }));
  });
}

// Queries.
for (const [name, query] of [
  ["transport=polling", "EIO=4&transport=polling"],
  ["transport=webtransport", "EIO=4&transport=webtransport"],
  ["unknown transport", "EIO=4&transport=x"],
  ["no transport", "EIO=4"],
  ["no query", ""],
  ["EIO=3", "EIO=3&transport=websocket"],
  ["EIO=5", "EIO=5&transport=websocket"],
  ["no EIO", "transport=websocket"],
  ["unknown sid", `${QUERY}&sid=AAAAAAAAAAAAAAAAAAAA`],
  ["empty sid", `${QUERY}&sid=`],
  ["sid is __proto__", `${QUERY}&sid=__proto__`],
  ["unknown sid and transport=polling", "EIO=4&transport=polling&sid=x"],
  ["EIO=3 and unknown sid", "EIO=3&transport=websocket&sid=x"],
  ["b64", `${QUERY}&b64=1`],
  ["j", `${QUERY}&j=1`],
  ["duplicate transport", "EIO=4&transport=polling&transport=websocket"],
]) {
  handshake(name, { query });
}

// Methods, versions, targets.
for (const method of ["POST", "HEAD", "PUT", "OPTIONS"]) {
  family.add(`by ${method}`, (t) => {
    const bytes = t.upgradeRequest(QUERY).toString("latin1").replace("GET", method);
    return t.exchange(Buffer.from(bytes, "latin1"));
  });
}
handshake("HTTP/1.0", { version: "HTTP/1.0" });
handshake("no Host", { host: null });
family.add("another path", async (t) => {
  const bytes = t.upgradeRequest(QUERY).toString("latin1").replace(t.path, "/other/");
  const c = await t.connect();
  c.request(Buffer.from(bytes, "latin1"));
  await t.answer(c, 1, 2500);
  await t.settle();
}, { long: true });
family.add("path without the slash", async (t) => {
  const bytes = t.upgradeRequest(QUERY).toString("latin1").replace(t.path, t.path.slice(0, -1));
  const c = await t.connect();
  c.request(Buffer.from(bytes, "latin1"));
  await t.answer(c, 1, 2500);
  await t.settle();
}, { long: true });
family.add("path behind the endpoint", async (t) => {
  const bytes = t.upgradeRequest(QUERY).toString("latin1").replace(t.path, `${t.path}foo`);
  await t.exchange(Buffer.from(bytes, "latin1"));
});
family.add("with a body", async (t) => {
  const c = await t.connect();
  c.request(Buffer.concat([t.upgradeRequest(QUERY, { headers: { "Content-Length": "5" } }), Buffer.from("hello")]));
  await t.answer(c);
  await t.settle();
});

// On connections that carried requests before, and with bytes that come early.
family.add("on a connection used before", async (t) => {
  const c = await t.exchange(t.get("EIO=4&transport=polling"));
  await t.exchange(t.upgradeRequest(QUERY), c);
  c.send(text("4hello"));
  await t.settle();
});
family.add("pipelined behind a request", async (t) => {
  const c = await t.connect();
  c.methods.push("GET", "GET");
  c.send(Buffer.concat([t.get("EIO=4&transport=x"), t.upgradeRequest(QUERY)]));
  await t.answer(c, 2);
  await t.settle();
});
family.add("frame in the segment of the request", async (t) => {
  const c = await t.connect();
  c.methods.push("GET");
  c.send(Buffer.concat([t.upgradeRequest(QUERY), text("4early")]));
  await t.answer(c, 3);
  await t.settle();
});
family.add("close frame in the segment of the request", async (t) => {
  const c = await t.connect();
  c.methods.push("GET");
  c.send(Buffer.concat([t.upgradeRequest(QUERY), close(1000)]));
  await t.answer(c, 3);
  await t.settle();
});
family.add("request byte by byte", async (t) => {
  const c = await t.connect();
  c.methods.push("GET");
  for (const byte of t.upgradeRequest(QUERY)) {
    c.send(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  await t.answer(c, 2);
  await t.settle();
});
family.add("client ends its direction after the request", async (t) => {
  const c = await t.connect();
  c.request(t.upgradeRequest(QUERY));
  await t.answer(c, 2);
  c.halfClose();
  await t.settle();
});
family.add("refused, then another request", async (t) => {
  const c = await t.exchange(t.upgradeRequest("EIO=4&transport=x"));
  await t.exchange(t.get("EIO=4&transport=polling"), c);
});

// Extensions, where the server has none and where it has permessage-deflate.
const OFFERS = [
  "permessage-deflate",
  "permessage-deflate; client_max_window_bits",
  "permessage-deflate; client_max_window_bits=10; server_max_window_bits=10",
  "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
  "permessage-deflate; server_max_window_bits=8",
  "permessage-deflate; server_max_window_bits=7",
  "permessage-deflate; client_max_window_bits=16",
  "permessage-deflate; unknown",
  "permessage-deflate; unknown, permessage-deflate",
  "permessage-deflate; server_no_context_takeover=1",
  "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
  "x-webkit-deflate-frame",
  "x-webkit-deflate-frame, permessage-deflate",
  "permessage-deflate;",
  ";",
  "",
];
for (const offer of OFFERS) {
  const headers = { "Sec-WebSocket-Extensions": offer };
  handshake(`extension '${offer}', none supported`, { headers });
  handshake(`extension '${offer}'`, { headers }, { profile: "deflate" });
}

family.add("extensions in two lines", (t) => {
  const headers = [
    ["Connection", "Upgrade"], ["Upgrade", "websocket"], ["Sec-WebSocket-Version", "13"], ["Sec-WebSocket-Key", KEY],
    ["Sec-WebSocket-Extensions", "x-webkit-deflate-frame"], ["Sec-WebSocket-Extensions", "permessage-deflate"],
  ];
  return t.exchange(request("GET", t.target(QUERY), { headers }));
}, { profile: "deflate" });

const DEFLATE = { headers: { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" } };
function deflated(name, run, headers = DEFLATE) {
  family.add(`permessage-deflate, ${name}`, async (t) => run(t, await t.webSocket(headers)), { profile: "deflate" });
}
deflated("large messages back", async (t, c) => {
  for (let i = 0; i < 3; i++) {
    c.send(text(`4${"abcdefgh".repeat(500)}`));
    await t.answer(c);
    await t.settle();
  }
});
deflated("below and at the threshold", async (t, c) => {
  for (const size of [1022, 1023, 1024]) {
    c.send(text(`4${"a".repeat(size)}`));
    await t.answer(c);
    await t.settle();
  }
});
deflated("compressed message in", async (t, c) => {
  c.send(compressedText("4hello"));
  c.send(compressedText(`4${"hello".repeat(1000)}`));
  await t.answer(c, 2);
  await t.settle();
});
deflated("broken compressed message", async (t, c) => {
  c.send(text("4not deflated", { rsv: 4 }));
  await t.answer(c);
  await t.settle();
});
deflated("compressed fragments", async (t, c) => {
  const whole = compressedText("4hello fragments");
  const payload = Buffer.from(whole.subarray(6)).map((byte, i) => byte ^ whole[2 + (i % 4)]);
  c.send(text(payload.subarray(0, 5), { rsv: 4, fin: false }));
  c.send(frame(0, payload.subarray(5)));
  await t.answer(c);
  await t.settle();
});
deflated("RSV1 on a continuation", async (t, c) => {
  c.send(text("4a", { fin: false }));
  c.send(frame(0, "b", { rsv: 4 }));
  await t.answer(c);
  await t.settle();
});
deflated("RSV1 on a ping", async (t, c) => {
  c.send(frame(9, "", { rsv: 4 }));
  await t.answer(c);
  await t.settle();
});
family.add("permessage-deflate, inflated over the limit", async (t) => {
  const c = await t.webSocket(DEFLATE);
  c.send(compressedText(`4${"a".repeat(1_000_000)}`));
  await t.answer(c);
  await t.settle();
}, { profile: "deflate", heavy: true });
family.add("permessage-deflate offered where polling begins", async (t) => {
  const session = await t.polling();
  const c = await t.webSocket({ query: `${QUERY}&sid=${session.sid}`, packets: 0, ...DEFLATE });
  c.send(text("2probe"));
  await t.answer(c);
  await t.settle();
}, { profile: "deflate" });
