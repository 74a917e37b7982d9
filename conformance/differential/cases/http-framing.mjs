// HTTP framing: bodies by length and in chunks, pipelining, partial and malformed requests, limits of the head.

import { Family } from "../lib/cases.mjs";
import { chunked, request } from "../lib/http.mjs";

const family = new Family("http framing");
export default family;

const HANDSHAKE = "/socket.io/?EIO=4&transport=polling";
const ERROR = "/socket.io/?EIO=4&transport=x";

/** Bytes on a connection of their own. */
function one(name, text, options) {
  family.add(name, (t) => t.exchange(Buffer.from(text, "latin1")), options);
}

function head(...lines) {
  return `${lines.join("\r\n")}\r\n\r\n`;
}

// Pipelining. Every answer is a fixed one, so that their order can be told.
family.add("two requests in one segment", async (t) => {
  const c = await t.connect();
  c.methods.push("GET", "GET");
  c.send(Buffer.concat([request("GET", ERROR), request("GET", "/")]));
  await t.answer(c, 2);
  await t.settle();
});
family.add("ten requests in one segment", async (t) => {
  const c = await t.connect();
  const targets = [ERROR, "/", "/socket.io/?EIO=4&transport=websocket", "/socket.io/socket.io.js.map"];
  const requests = Array.from({ length: 10 }, (_, i) => request("HEAD", targets[i % 3]));
  c.methods.push(...requests.map(() => "HEAD"));
  c.send(Buffer.concat(requests));
  await t.answer(c, 10);
  await t.settle();
});
family.add("pipelined request behind a pending poll", async (t) => {
  const session = await t.polling();
  const c = await session.startPoll();
  c.request(request("GET", ERROR));
  await t.settle();
  await session.post("40");
  await t.answer(c, 2);
  await t.settle();
});
family.add("pipelined post behind a pending poll", async (t) => {
  const session = await t.polling();
  const c = await session.startPoll();
  c.request(t.post(session.query, "40"));
  await t.settle();
  await session.post("40/custom,");
  await t.answer(c, 1);
  await t.settle();
});
family.add("two polls pipelined", async (t) => {
  const session = await t.polling();
  const c = await session.startPoll();
  await session.startPoll();
  await t.settle();
  await session.post("40");
  await t.answer(c, 2);
  await t.settle();
});
family.add("post and poll pipelined", async (t) => {
  const session = await t.polling();
  const c = session.pollConnection;
  c.methods.push("POST", "GET");
  c.send(Buffer.concat([t.post(session.query, "40"), t.get(session.query)]));
  await t.answer(c, 2);
  await t.settle();
});
family.add("Connection: close before a pipelined request", async (t) => {
  const c = await t.connect();
  c.methods.push("GET", "GET");
  c.send(Buffer.concat([request("GET", ERROR, { headers: { Connection: "close" } }), request("GET", "/")]));
  await t.answer(c, 2);
  await t.settle();
});
family.add("requests one after another on one connection", async (t) => {
  const c = await t.exchange(request("GET", HANDSHAKE));
  await t.exchange(request("GET", ERROR), c);
  await t.exchange(request("GET", "/"), c);
  await t.exchange(request("OPTIONS", HANDSHAKE), c);
  await t.exchange(request("GET", HANDSHAKE, { headers: { Connection: "close" } }), c);
});

// Requests in pieces.
family.add("request byte by byte", async (t) => {
  const c = await t.connect();
  c.methods.push("GET");
  for (const byte of request("GET", HANDSHAKE)) {
    c.send(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  await t.answer(c);
  await t.settle();
});
family.add("half a head, then nothing", async (t) => {
  const c = await t.connect();
  c.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: te");
  await t.settle();
});
family.add("half a head, then the end", async (t) => {
  const c = await t.connect();
  c.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: te");
  c.halfClose();
  await t.settle();
});
family.add("nothing, then the end", async (t) => {
  const c = await t.connect();
  c.halfClose();
  await t.settle();
});
family.add("request, then the end of the sending direction", async (t) => {
  const c = await t.connect();
  c.request(request("GET", HANDSHAKE));
  c.halfClose();
  await t.answer(c);
  await t.settle();
});
one("empty lines before the request", `\r\n\r\n${head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test")}`);
one("bare line feeds", `GET ${HANDSHAKE} HTTP/1.1\nHost: test\n\n`);
one("bare carriage return in a header", `GET ${HANDSHAKE} HTTP/1.1\r\nHost: test\r\nX: a\rb\r\n\r\n`);

// Malformed heads.
one("garbage", "\x00\x01\x02\x03garbage\r\n\r\n");
one("TLS client hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n");
one("header without colon", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "NoColon"));
one("header name with a space", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "X Y: z"));
one("space before the colon", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "X : z"));
one("empty header name", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", ": z"));
one("empty header value", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "X:"));
one("folded header", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "X: a", " b"));
one("leading folded line", head(`GET ${HANDSHAKE} HTTP/1.1`, " Host: test"));
one("zero byte in a header", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "X: a\x00b"));
one("control character in a header", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "X: a\x01b"));
one("tab in a header", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "X: a\tb"));
one("latin-1 in a header", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", "X: \xe9\xff"));
one("header of 15000 bytes", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", `X: ${"a".repeat(15000)}`));
one("header of 20000 bytes", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", `X: ${"a".repeat(20000)}`));
one("many headers", head(`GET ${HANDSHAKE} HTTP/1.1`, "Host: test", ...Array.from({ length: 500 }, (_, i) => `X${i}: a`)));

// The body of a POST, framed in every way. The packet joins a namespace, so the following poll tells what was read.
async function joins(t, bytes, { answers = 1 } = {}) {
  const session = await t.polling();
  const c = await t.connect("post");
  c.request(bytes(session));
  await t.answer(c, answers);
  await t.settle();
  await session.startPoll();
  await t.settle();
}

function post(name, headers, body, options) {
  const run = (t) => {
    return joins(t, ({ query }) => {
      const lines = head(`POST /socket.io/?${query} HTTP/1.1`, "Host: test", ...headers);
      return Buffer.concat([Buffer.from(lines, "latin1"), Buffer.from(body)]);
    });
  };
  family.add(`post: ${name}`, run, options);
}

post("Content-Length", ["Content-Length: 2"], "40");
post("Content-Length shorter than the body", ["Content-Length: 2"], "40xyz");
post("Content-Length longer than the body", ["Content-Length: 3"], "40");
post("Content-Length: 0", ["Content-Length: 0"], "");
post("no length at all", [], "");
post("no length at all, but a body", [], "40");
post("two equal Content-Lengths", ["Content-Length: 2", "Content-Length: 2"], "40");
post("two different Content-Lengths", ["Content-Length: 2", "Content-Length: 3"], "40");
post("list of Content-Lengths", ["Content-Length: 2, 2"], "40");
post("negative Content-Length", ["Content-Length: -2"], "40");
post("Content-Length with a plus", ["Content-Length: +2"], "40");
post("Content-Length in hexadecimal", ["Content-Length: 0x2"], "40");
post("Content-Length with leading zeros", ["Content-Length: 0002"], "40");
post("empty Content-Length", ["Content-Length:"], "40");
post("huge Content-Length", ["Content-Length: 99999999999999999999"], "40");
post("chunked", ["Transfer-Encoding: chunked"], chunked("40"));
post("chunked, in two chunks", ["Transfer-Encoding: chunked"], chunked("4", "0"));
post("chunked, empty", ["Transfer-Encoding: chunked"], chunked());
post("chunked, with an extension", ["Transfer-Encoding: chunked"], "2;a=b\r\n40\r\n0\r\n\r\n");
post("chunked, with trailers", ["Transfer-Encoding: chunked", "Trailer: X"], "2\r\n40\r\n0\r\nX: y\r\n\r\n");
post("chunked, in capital hexadecimal", ["Transfer-Encoding: chunked"], "0A\r\n40/custom,\x20\r\n0\r\n\r\n");
post("chunked, bad size", ["Transfer-Encoding: chunked"], "zz\r\n40\r\n0\r\n\r\n");
post("chunked, missing line end after a chunk", ["Transfer-Encoding: chunked"], "2\r\n400\r\n\r\n");
post("chunked, not finished", ["Transfer-Encoding: chunked"], "2\r\n40\r\n");
post("chunked and Content-Length", ["Transfer-Encoding: chunked", "Content-Length: 2"], chunked("40"));
post("Transfer-Encoding: gzip, chunked", ["Transfer-Encoding: gzip, chunked"], chunked("40"));
post("Transfer-Encoding: identity", ["Transfer-Encoding: identity", "Content-Length: 2"], "40");
post("Transfer-Encoding: foo", ["Transfer-Encoding: foo"], "40");
post("Transfer-Encoding: Chunked", ["Transfer-Encoding: Chunked"], chunked("40"));
post("Content-Encoding: gzip", ["Content-Encoding: gzip", "Content-Length: 2"], "40");
post("Content-Length of a GET is read", ["Content-Length: 2", "X-HTTP-Method-Override: GET"], "40");

family.add("get with a body", async (t) => {
  const c = await t.exchange(request("GET", HANDSHAKE, { body: "40" }));
  await t.exchange(request("GET", "/"), c);
});
family.add("post without sid, body is skipped", async (t) => {
  const c = await t.exchange(request("POST", HANDSHAKE, { body: "40".repeat(1000) }));
  await t.exchange(request("GET", "/"), c);
});
family.add("post of another path, body is skipped", async (t) => {
  const c = await t.exchange(request("POST", "/", { body: "40".repeat(1000) }));
  await t.exchange(request("GET", "/"), c);
});

// Expect.
family.add("Expect: 100-continue", async (t) => {
  const session = await t.polling();
  const c = await t.connect("post");
  c.methods.push("POST");
  c.send(head(`POST /socket.io/?${session.query} HTTP/1.1`, "Host: test", "Content-Length: 2", "Expect: 100-continue"));
  await t.settle();
  c.send("40");
  await t.answer(c);
  await t.settle();
});
family.add("Expect: 100-continue without sid", async (t) => {
  const c = await t.connect();
  c.methods.push("POST");
  c.send(head(`POST ${HANDSHAKE} HTTP/1.1`, "Host: test", "Content-Length: 2", "Expect: 100-continue"));
  await t.settle();
  c.send("40");
  await t.settle();
});
one("Expect: 100-continue on a GET", request("GET", HANDSHAKE, { headers: { Expect: "100-continue" } }));
one("Expect: something else", request("GET", HANDSHAKE, { headers: { Expect: "200-ok" } }));
family.add("Expect: 100-continue, declared too large", async (t) => {
  const session = await t.polling();
  const c = await t.connect("post");
  c.methods.push("POST");
  const lines = ["Host: test", "Content-Length: 2000000", "Expect: 100-continue"];
  c.send(head(`POST /socket.io/?${session.query} HTTP/1.1`, ...lines));
  await t.settle();
});

// A connection that rests is ended by the server.
family.add("idle connection", async (t) => {
  const c = await t.exchange(request("GET", ERROR));
  c.endsRest = true;
  await t.answer(c, 1, 8000);
  await t.settle();
}, { long: true });
