// Engine.IO over long-polling: polls, posts, payloads, and how sessions end. Against the echo server.

import { Family } from "../lib/cases.mjs";
import { chunked, request } from "../lib/http.mjs";

const family = new Family("polling", "engine");
export default family;

const SEPARATOR = "\x1e";

/** How long the answer to a large body may take. */
const LARGE_MILLIS = 10_000;

/** A post while no poll is pending, then a poll that shows what became of it, then another. */
function post(name, body, { headers, polls = 2, ...options } = {}) {
  family.add(`post ${name}`, async (t) => {
    const session = await t.polling();
    await session.startPost(body, { headers });
    await t.answer(session.postConnection, 1, options.heavy ? LARGE_MILLIS : undefined);
    await t.settle();
    for (let i = 0; i < polls; i++) {
      await session.startPoll();
      await t.settle();
      if (session.pollConnection.methods.length > 0) break;
    }
  }, options);
}

/** The same while a poll is pending. */
function postWhilePolling(name, body, { headers, ...options } = {}) {
  family.add(`post ${name}, poll pending`, async (t) => {
    const session = await t.polling();
    await session.startPoll();
    await t.settle();
    await session.startPost(body, { headers });
    await t.answer(session.postConnection, 1, options.heavy ? LARGE_MILLIS : undefined);
    await t.settle();
    if (session.pollConnection.methods.length === 0) await session.startPoll();
    await t.settle();
  }, options);
}

function both(name, body, options) {
  post(name, body, options);
  postWhilePolling(name, body, options);
}

// Packets of each type.
for (const [name, body] of [
  ["of a message", "4hello"],
  ["of an empty message", "4"],
  ["of a message in UTF-8", "4héllo €😀"],
  ["of a binary message", "bAQIDBA=="],
  ["of an empty binary message", "b"],
  ["of binary without padding", "bAQIDBA"],
  ["of binary in the URL alphabet", "b-_-_"],
  ["of binary with invalid characters", "bAQ*ID!BA=="],
  ["of binary with data behind the padding", "bAQ==AQ=="],
  ["of two messages", `4a${SEPARATOR}4b`],
  ["of text and binary", `4a${SEPARATOR}bAQID${SEPARATOR}4c`],
  ["of open", "0"],
  ["of open with data", "0{}"],
  ["of close", "1"],
  ["of close with data", "1x"],
  ["of ping", "2"],
  ["of ping probe", "2probe"],
  ["of pong", "3"],
  ["of pong with data", "3x"],
  ["of upgrade", "5"],
  ["of noop", "6"],
  ["of an unknown digit", "7"],
  ["of an unknown letter", "x"],
  ["of a capital B", "BAQID"],
  ["of an empty body", ""],
  ["of a separator alone", SEPARATOR],
  ["of a message and a trailing separator", `4a${SEPARATOR}`],
  ["of a leading separator and a message", `${SEPARATOR}4a`],
  ["of two separators between messages", `4a${SEPARATOR}${SEPARATOR}4b`],
  ["of a message and an unknown type", `4a${SEPARATOR}9${SEPARATOR}4b`],
  ["of close between messages", `4a${SEPARATOR}1${SEPARATOR}4b`],
  ["of ping between messages", `4a${SEPARATOR}2${SEPARATOR}4b`],
  ["of a line end", "\n"],
  ["of a message with line ends", "4a\r\nb\n"],
  ["of a message with a zero byte", "4a\0b"],
  ["of a byte order mark and a message", "\ufeff4a"],
  ["of a message with a byte order mark", "4\ufeffa"],
]) {
  both(name, body);
}

// Bytes that are not UTF-8.
for (const [name, bytes] of [
  ["of invalid UTF-8", [0x34, 0xff, 0xfe]],
  ["of truncated UTF-8", [0x34, 0xe2, 0x82]],
  ["of an overlong sequence", [0x34, 0xc0, 0xaf]],
  ["of a surrogate in UTF-8", [0x34, 0xed, 0xa0, 0x80]],
  ["of a code point beyond Unicode", [0x34, 0xf4, 0x90, 0x80, 0x80]],
  ["of a stray continuation byte", [0x34, 0x61, 0x80, 0x62]],
  ["of a broken sequence before ASCII", [0x34, 0xe2, 0x82, 0x41]],
  ["of truncated UTF-8 before a separator", [0x34, 0xf0, 0x9f, 0x1e, 0x34, 0x61]],
]) {
  post(name, Buffer.from(bytes));
}

// Content types.
for (const type of [
  "text/plain;charset=UTF-8",
  "text/plain",
  "text/plain; charset=iso-8859-1",
  "application/octet-stream",
  "Application/Octet-Stream",
  "application/octet-stream; charset=x",
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "nonsense",
  "",
]) {
  post(`with Content-Type ${type || "(empty)"}`, "4hé", { headers: { "Content-Type": type } });
}
postWhilePolling("with Content-Type application/octet-stream", "4hé", { headers: { "Content-Type": "application/octet-stream" } });

// The limit of 1,000,000 bytes.
const LIMIT = 1_000_000;
post("of exactly the limit", `4${"a".repeat(LIMIT - 1)}`, { heavy: true });
post("of one byte more than the limit", `4${"a".repeat(LIMIT)}`, { heavy: true });
postWhilePolling("of one byte more than the limit", `4${"a".repeat(LIMIT)}`, { heavy: true });
post("of more bytes than the limit but fewer characters", `4${"€".repeat(400_000)}`, { heavy: true });
post("of three times the limit", `4${"a".repeat(3 * LIMIT)}`, { heavy: true });
post("of many packets", Array.from({ length: 2000 }, (_, i) => `4${i}`).join(SEPARATOR));

function chunkedPost(name, parts, options) {
  family.add(name, async (t) => {
    const session = await t.polling();
    const body = chunked(...parts);
    await session.startPost(body, { length: false, headers: { "Transfer-Encoding": "chunked" } });
    await t.answer(session.postConnection, 1, LARGE_MILLIS);
    await t.settle();
    await session.startPoll();
    await t.settle();
  }, options);
}
chunkedPost("chunked post over the limit", Array.from({ length: 11 }, () => "4".repeat(100_000)), { heavy: true });
chunkedPost("chunked post, a character split between chunks", [Buffer.from([0x34, 0xe2]), Buffer.from([0x82, 0xac])]);
chunkedPost("chunked post, a packet split between chunks", ["4ab", `c${SEPARATOR}`, "4d"]);

family.add("declared over the limit, body not sent", async (t) => {
  const session = await t.polling();
  const c = await t.connect("post");
  c.methods.push("POST");
  c.send(`POST ${t.target(session.query)} HTTP/1.1\r\nHost: test\r\nContent-Length: 5000000\r\n\r\n4aaa`);
  await t.settle();
  await session.startPoll();
  await t.settle();
});
family.add("over the limit, then the session goes on", async (t) => {
  const session = await t.polling();
  await session.startPost(`4${"a".repeat(LIMIT)}`);
  await t.answer(session.postConnection, 1, LARGE_MILLIS);
  await t.settle();
  const c = await t.exchange(t.post(session.query, "4after"));
  await t.exchange(t.get(session.query), c);
}, { heavy: true });

// Requests that overlap.
family.add("two polls", async (t) => {
  const session = await t.polling();
  await session.startPoll();
  await t.settle();
  const other = await t.exchange(t.get(session.query));
  await t.exchange(t.get(session.query), other);
});
family.add("two posts, first one unfinished", async (t) => {
  const session = await t.polling();
  const c = await t.connect("post");
  c.methods.push("POST");
  c.send(`POST ${t.target(session.query)} HTTP/1.1\r\nHost: test\r\nContent-Length: 6\r\n\r\n4a`);
  await t.settle();
  const other = await t.exchange(t.post(session.query, "4b"));
  c.send("aaaa");
  await t.settle();
  await t.exchange(t.get(session.query), other);
});
family.add("two posts, first one unfinished, poll pending", async (t) => {
  const session = await t.polling();
  await session.startPoll();
  const c = await t.connect("post");
  c.methods.push("POST");
  c.send(`POST ${t.target(session.query)} HTTP/1.1\r\nHost: test\r\nContent-Length: 6\r\n\r\n4a`);
  await t.settle();
  const other = await t.exchange(t.post(session.query, "4b"));
  await t.exchange(t.get(session.query), other);
});
family.add("poll aborted", async (t) => {
  const session = await t.polling();
  const poll = await session.startPoll();
  await t.settle();
  poll.abort();
  await t.settle();
  await t.exchange(t.get(session.query));
});
family.add("poll half-closed", async (t) => {
  const session = await t.polling();
  const poll = await session.startPoll();
  await t.settle();
  poll.halfClose();
  await t.settle();
  await t.exchange(t.get(session.query));
});
family.add("post aborted", async (t) => {
  const session = await t.polling();
  await session.startPoll();
  const c = await t.connect("post");
  c.send(`POST ${t.target(session.query)} HTTP/1.1\r\nHost: test\r\nContent-Length: 6\r\n\r\n4a`);
  await t.settle();
  c.abort();
  await t.settle();
  await t.exchange(t.get(session.query));
});
family.add("session outlives its connections", async (t) => {
  const session = await t.polling();
  session.pollConnection.abort();
  await t.exchange(t.post(session.query, "4a"));
  await t.exchange(t.get(session.query));
});

// How a session ends, and what it answers afterwards.
family.add("post after close", async (t) => {
  const session = await t.polling();
  await session.post("1");
  await session.startPost("4a");
  await t.answer(session.postConnection);
  await t.settle();
});
family.add("echoes collect until the poll", async (t) => {
  const session = await t.polling();
  for (const body of ["4a", "bAQID", `4b${SEPARATOR}4c`]) await session.post(body);
  await session.poll();
  await t.settle();
});
family.add("packets and close in one post, poll pending", async (t) => {
  const session = await t.polling();
  await session.startPoll();
  await session.post(`4a${SEPARATOR}4b${SEPARATOR}1`);
  await t.settle();
  await t.exchange(t.get(session.query));
});

// A session is bound to its transport and revision.
for (const [name, query] of [
  ["transport=websocket without upgrade", "EIO=4&transport=websocket"],
  ["EIO=3", "EIO=3&transport=polling"],
  ["no EIO", "transport=polling"],
  ["unknown transport", "EIO=4&transport=x"],
]) {
  family.add(`session asked with ${name}`, async (t) => {
    const session = await t.polling();
    const c = await t.exchange(request("GET", t.target(`${query}&sid=${session.sid}`)));
    await t.exchange(t.post(`${query}&sid=${session.sid}`, "4a"), c);
    await t.exchange(t.post(session.query, "4b"), c);
    await session.startPoll();
    await t.settle();
  });
}
family.add("sid in other case", async (t) => {
  const session = await t.polling();
  await t.exchange(t.get(`EIO=4&transport=polling&sid=${session.sid.toLowerCase()}x`));
});
family.add("sid with percent-encoding", async (t) => {
  const session = await t.polling();
  const sid = [...session.sid].map((character) => `%${character.charCodeAt(0).toString(16)}`).join("");
  await t.exchange(t.post(`EIO=4&transport=polling&sid=${sid}`, "4a"));
});
family.add("poll with a path behind the endpoint", async (t) => {
  const session = await t.polling();
  await session.post("4a");
  await t.exchange(request("GET", `${t.path}foo?${session.query}`));
});

// User agents of old Internet Explorers.
for (const agent of ["Mozilla/4.0 (compatible;MSIE 8.0)", "Mozilla/5.0 (Trident/7.0; rv:11.0)", "Mozilla/5.0 ( MSIE 8.0)", "trident/7.0"]) {
  family.add(`user agent ${agent}`, async (t) => {
    const session = await t.polling({ headers: { "User-Agent": agent } });
    await session.startPost("4a", { headers: { "User-Agent": agent } });
    await t.answer(session.postConnection);
    await session.startPoll({ headers: { "User-Agent": agent } });
    await t.answer(session.pollConnection);
    await t.exchange(t.get("EIO=4&transport=x", { headers: { "User-Agent": agent } }));
  });
}

// Compression: responses of at least 1024 characters.
function large(name, size, encoding, { body = "a", ...options } = {}) {
  family.add(`poll of ${size} × '${body}', Accept-Encoding ${name}`, async (t) => {
    const session = await t.polling();
    await session.post(`4${body.repeat(size)}`);
    await session.startPoll({ headers: encoding === undefined ? {} : { "Accept-Encoding": encoding } });
    await t.answer(session.pollConnection);
    await t.settle();
    await session.post("4b");
    await session.poll();
  }, options);
}
large("gzip", 1022, "gzip");
large("gzip", 1023, "gzip");
large("gzip", 1024, "gzip");
large("gzip", 400, "gzip", { body: "é" });
large("gzip", 600, "gzip", { body: "é" });
for (const encoding of [
  undefined,
  "",
  "gzip",
  "deflate",
  "br",
  "identity",
  "*",
  "gzip, deflate, br",
  "deflate, gzip",
  "gzip;q=0",
  "gzip;q=0, deflate",
  "gzip;q=0.1, deflate;q=0.9",
  "gzip;q=0.5, identity;q=1",
  "identity;q=1, gzip;q=0.5, *;q=0",
  "*;q=0",
  "*;q=0.5, gzip;q=0",
  "GZIP",
  "x-gzip",
  "gzip;q=abc",
  "gzip ; q=0.8 , br",
  "zstd, gzip",
  "identity;q=0",
]) {
  large(encoding ?? "(absent)", 2000, encoding);
}
family.add("large poll, Accept-Encoding in two lines", async (t) => {
  const session = await t.polling();
  await session.post(`4${"a".repeat(2000)}`);
  await session.startPoll({ headers: [["Accept-Encoding", "br"], ["Accept-Encoding", "gzip"]] });
  await t.answer(session.pollConnection);
  await t.settle();
});
for (const types of [["text/plain", "application/octet-stream"], ["application/octet-stream", "text/plain"]]) {
  family.add(`post with Content-Type ${types.join(" and ")}`, async (t) => {
    const session = await t.polling();
    const c = await t.exchange(t.post(session.query, "4a", { headers: types.map((type) => ["Content-Type", type]) }));
    await t.exchange(t.get(session.query), c);
  });
}
family.add("large handshake answer is not compressed below the threshold", async (t) => {
  await t.exchange(t.get("EIO=4&transport=polling", { headers: { "Accept-Encoding": "gzip" } }));
});
family.add("large poll of HTTP/1.0, gzip", async (t) => {
  const session = await t.polling();
  await session.post(`4${"a".repeat(2000)}`);
  const c = await t.connect();
  await t.exchange(t.get(session.query, { version: "HTTP/1.0", headers: { "Accept-Encoding": "gzip" } }), c);
});

// JSON-P; that of revision 3 is in eio3.mjs.
family.add("JSONP of revision 4", async (t) => t.exchange(t.get("EIO=4&transport=polling&j=0")));
family.add("JSONP asked of a session without it", async (t) => {
  const session = await t.polling();
  await session.post("4a");
  await t.exchange(t.get(`${session.query}&j=1`));
});
