// HTTP requests: methods, targets, query strings, versions and headers about the connection.

import { Family } from "../lib/cases.mjs";
import { request } from "../lib/http.mjs";

const family = new Family("http");
export default family;

const HANDSHAKE = "/socket.io/?EIO=4&transport=polling";

/** One request, given as bytes or as text, on a connection of its own. */
function one(name, bytes, options) {
  family.add(name, (t) => t.exchange(Buffer.from(bytes, "latin1")), options);
}

function get(name, target, options) {
  one(name, request("GET", target, options));
}

// Methods × sessions.
const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND", "TRACE"];
for (const method of METHODS) {
  one(`${method} without sid`, request(method, HANDSHAKE));
  one(`${method} with unknown sid`, request(method, `${HANDSHAKE}&sid=AAAAAAAAAAAAAAAAAAAA`));
  one(`${method} of another path`, request(method, "/"));
  if (method === "GET" || method === "POST") continue;
  family.add(`${method} with sid`, async (t) => {
    const session = await t.polling();
    const other = await t.exchange(request(method, `/socket.io/?${session.query}`));
    await session.startPoll();
    await t.settle();
    await session.post("1");
    await t.settle();
    t.note(`the other connection is ${other.state}`);
  });
}
one("CONNECT", "CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n");
one("unknown method", "BREW /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: test\r\n\r\n");
one("method in small letters", "get /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: test\r\n\r\n");

// The values of transport and EIO.
for (const transport of ["", "websocket", "webtransport", "flashsocket", "Polling", "polling ", "pol%6Cing", "__proto__", "constructor", "0"]) {
  get(`transport=${transport || "(empty)"}`, `/socket.io/?EIO=4&transport=${transport.replace(" ", "%20")}`);
  get(`transport=${transport || "(empty)"} with unknown sid`, `/socket.io/?EIO=4&transport=${transport.replace(" ", "%20")}&sid=x`);
}
get("no transport", "/socket.io/?EIO=4");
get("no query", "/socket.io/");
get("empty query", "/socket.io/?");
for (const revision of ["", "1", "2", "3", "5", "04", "4.0", "+4", "%34", "4 ", "four"]) {
  get(`EIO=${revision || "(empty)"}`, `/socket.io/?EIO=${revision.replace(" ", "%20")}&transport=polling`);
}
get("no EIO", "/socket.io/?transport=polling");

// Query strings.
for (const [name, query] of [
  ["duplicate transport, last is valid", "EIO=4&transport=x&transport=polling"],
  ["duplicate transport, last is invalid", "EIO=4&transport=polling&transport=x"],
  ["duplicate EIO, last is valid", "EIO=3&EIO=4&transport=polling"],
  ["duplicate EIO, last is invalid", "EIO=4&EIO=3&transport=polling"],
  ["duplicate sid, last is empty", "EIO=4&transport=polling&sid=x&sid="],
  ["duplicate sid, last is unknown", "EIO=4&transport=polling&sid=&sid=x"],
  ["empty sid", "EIO=4&transport=polling&sid="],
  ["sid without a value", "EIO=4&transport=polling&sid"],
  ["sid is __proto__", "EIO=4&transport=polling&sid=__proto__"],
  ["sid is toString", "EIO=4&transport=polling&sid=toString"],
  ["key in other case", "eio=4&Transport=polling"],
  ["percent-encoded keys", "%45IO=4&tr%61nsport=polling"],
  ["plus in a value", "EIO=4&transport=polling&x=a+b"],
  ["broken percent-encoding in an unused value", "EIO=4&transport=polling&x=%"],
  ["broken percent-encoding in the transport", "EIO=4&transport=polling%zz"],
  ["invalid UTF-8 in an unused value", "EIO=4&transport=polling&x=%ff%fe"],
  ["semicolon as separator", "EIO=4;transport=polling"],
  ["empty pairs", "&&EIO=4&&transport=polling&&"],
  ["equals signs in a value", "EIO=4&transport=polling&x=a=b=c"],
  ["question mark in the query", "EIO=4?&EIO=4&transport=polling"],
  ["__proto__ as key", "EIO=4&transport=polling&__proto__=x&constructor=y"],
  ["t parameter", "EIO=4&transport=polling&t=Abc123"],
  ["b64 parameter", "EIO=4&transport=polling&b64=1"],
  ["fragment", "EIO=4&transport=polling#EIO=3"],
  ["brackets", "EIO=4&transport=polling&a[b]=c"],
]) {
  get(`query: ${name}`, `/socket.io/?${query}`);
}

// Targets.
const QUERY = "EIO=4&transport=polling";
for (const target of [
  "/",
  "/socket.io",
  `/socket.io?${QUERY}`,
  "/socket.io/foo",
  `/socket.io/foo?${QUERY}`,
  `/socket.io/foo/bar?${QUERY}`,
  `/socket.io//?${QUERY}`,
  `//socket.io/?${QUERY}`,
  `/socket.iox/?${QUERY}`,
  `/Socket.IO/?${QUERY}`,
  `/socket%2Eio/?${QUERY}`,
  `/socket.io%2F?${QUERY}`,
  `/socket.io/../socket.io/?${QUERY}`,
  `/x/../socket.io/?${QUERY}`,
  `/socket.io/%2e%2e/?${QUERY}`,
  `/./socket.io/?${QUERY}`,
  `/socket.io/;a=b?${QUERY}`,
  `http://test/socket.io/?${QUERY}`,
  `http://other:81/socket.io/?${QUERY}`,
  "*",
  `socket.io/?${QUERY}`,
  `?${QUERY}`,
  "/favicon.ico",
  "/engine.io/?EIO=4&transport=polling",
]) {
  get(`target ${target}`, target);
}
one("target with a space", `GET /socket.io/?${QUERY}&x=a b HTTP/1.1\r\nHost: test\r\n\r\n`);
one("target with raw UTF-8", Buffer.from(`GET /socket.io/?${QUERY}&x=é HTTP/1.1\r\nHost: test\r\n\r\n`));
one("target with a raw byte 0xff", `GET /socket.io/?${QUERY}&x=\xff HTTP/1.1\r\nHost: test\r\n\r\n`);
one("target with a quote", `GET /socket.io/?${QUERY}&x="<> HTTP/1.1\r\nHost: test\r\n\r\n`);
get("target of 8000 bytes", `${HANDSHAKE}&x=${"a".repeat(8000 - HANDSHAKE.length)}`);
get("target of 17000 bytes", `${HANDSHAKE}&x=${"a".repeat(17000)}`);

// Versions and connections.
get("HTTP/1.0", HANDSHAKE, { version: "HTTP/1.0" });
get("HTTP/1.0 error", "/socket.io/?EIO=4&transport=x", { version: "HTTP/1.0" });
get("HTTP/1.0 not found", "/", { version: "HTTP/1.0" });
get("HTTP/1.0 without Host", HANDSHAKE, { version: "HTTP/1.0", host: null });
get("HTTP/1.0 keep-alive", HANDSHAKE, { version: "HTTP/1.0", headers: { Connection: "keep-alive" } });
get("HTTP/1.0 keep-alive error", "/socket.io/?EIO=4&transport=x", { version: "HTTP/1.0", headers: { Connection: "keep-alive" } });
get("HTTP/1.2", HANDSHAKE, { version: "HTTP/1.2" });
get("HTTP/2.0", HANDSHAKE, { version: "HTTP/2.0" });
get("HTTP/0.9 style", HANDSHAKE, { version: "HTTP/0.9" });
one("no version", `GET ${HANDSHAKE}\r\n\r\n`);
one("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
get("no Host", HANDSHAKE, { host: null });
get("empty Host", HANDSHAKE, { host: "" });
get("two Hosts", HANDSHAKE, { headers: [["Host", "other"]] });
get("Connection: close", HANDSHAKE, { headers: { Connection: "close" } });
get("Connection: close, error", "/socket.io/?EIO=4&transport=x", { headers: { Connection: "close" } });
get("Connection: close, not found", "/", { headers: { Connection: "close" } });
get("Connection: Close, TE", HANDSHAKE, { headers: { Connection: "TE, Close" } });
get("Connection: keep-alive", HANDSHAKE, { headers: { Connection: "keep-alive" } });
get("Connection: Upgrade without Upgrade", HANDSHAKE, { headers: { Connection: "Upgrade" } });
get("Upgrade without Connection", HANDSHAKE, { headers: { Upgrade: "websocket" } });
get("Upgrade: h2c", HANDSHAKE, { headers: { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA" } });
get("two Connections, one of them close", HANDSHAKE, { headers: [["Connection", "keep-alive"], ["Connection", "close"]] });
get("Connection: keep-alive, close", HANDSHAKE, { headers: { Connection: "keep-alive, close" } });
get("HTTP/1.0 Connection: close, keep-alive", HANDSHAKE, { version: "HTTP/1.0", headers: { Connection: "close, keep-alive" } });
