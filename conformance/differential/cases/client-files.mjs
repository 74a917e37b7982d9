// The client's bundles, which the server serves itself.

import { Family } from "../lib/cases.mjs";
import { request } from "../lib/http.mjs";

const family = new Family("client files");
export default family;

const NAMES = ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"];

function get(name, file, options, settings) {
  family.add(name, (t) => t.exchange(request("GET", `/socket.io/${file}`, options)), settings);
}

for (const file of NAMES.flatMap((name) => [name, `${name}.map`])) {
  get(file, file, {}, { heavy: true });
  get(`${file}, gzip`, file, { headers: { "Accept-Encoding": "gzip" } }, { heavy: true });
  get(`${file} not modified`, file, { headers: { "If-None-Match": '"4.8.4"' } });
}
for (const encoding of ["br", "deflate", "identity", "*", "gzip, deflate, br", "br;q=0.1, gzip;q=0.9", "deflate, gzip;q=1.0, *;q=0.5", "*;q=0", "x", "", "gzip;q=0", "identity;q=0"]) {
  get(`Accept-Encoding '${encoding}'`, "socket.io.min.js", { headers: { "Accept-Encoding": encoding } }, { heavy: true });
}

get("Accept-Encoding in two lines", "socket.io.min.js", { headers: [["Accept-Encoding", "x"], ["Accept-Encoding", "gzip"]] }, { heavy: true });

// Validators.
for (const tag of ['"4.8.4"', 'W/"4.8.4"', "4.8.4", '"4.8.3"', "*", '"a", "4.8.4"', 'w/"4.8.4"', ' "4.8.4" ', "", '"4.8.4', "W/4.8.4"]) {
  get(`If-None-Match ${tag || "(empty)"}`, "socket.io.min.js", { headers: { "If-None-Match": tag } });
}
get("If-None-Match in two lines", "socket.io.min.js", { headers: [["If-None-Match", '"4.8.4"'], ["If-None-Match", '"4.8.4"']] });
get("If-Modified-Since", "socket.io.min.js", { headers: { "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT" } });
get("If-Match that fails", "socket.io.min.js", { headers: { "If-Match": '"x"' } });
get("Range", "socket.io.min.js", { headers: { Range: "bytes=0-9" } });
get("not modified, HTTP/1.0", "socket.io.min.js", { version: "HTTP/1.0", headers: { "If-None-Match": '"4.8.4"' } });
get("not modified, Connection: close", "socket.io.min.js", { headers: { "If-None-Match": '"4.8.4"', Connection: "close" } });
get("HTTP/1.0", "socket.io.min.js", { version: "HTTP/1.0" });
get("Connection: close", "socket.io.min.js", { headers: { Connection: "close" } });

// Methods.
for (const method of ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"]) {
  family.add(`by ${method}`, async (t) => {
    const c = await t.exchange(request(method, "/socket.io/socket.io.min.js"));
    await t.exchange(request("GET", "/"), c);
  });
}
family.add("by HEAD, gzip", (t) => t.exchange(request("HEAD", "/socket.io/socket.io.min.js", { headers: { "Accept-Encoding": "gzip" } })));
family.add("by HEAD, not modified", (t) => t.exchange(request("HEAD", "/socket.io/socket.io.min.js", { headers: { "If-None-Match": '"4.8.4"' } })));
family.add("by POST with a body", async (t) => {
  const c = await t.exchange(request("POST", "/socket.io/socket.io.min.js", { body: "hello" }));
  await t.exchange(request("GET", "/"), c);
});

// Names.
for (const file of [
  "socket.io.js?v=1",
  "socket.io.js?EIO=4&transport=polling",
  "socket.io.js#x",
  "socket.io.js/",
  "socket.io.js/x",
  "socket.io.JS",
  "Socket.io.js",
  "socket.io.js.map.map",
  "socket.io.slim.js",
  "socket.io.esm.js",
  "socket.io.msgpack.js",
  "socket.io",
  "socket.io.js%20",
  "socket%2Eio.js",
  "/socket.io.js",
  "./socket.io.js",
  "../socket.io/socket.io.js",
  "foo/socket.io.js",
  "..%2fpackage.json",
  "../package.json",
  "package.json",
  "socket.io.js;x",
  "socket.io.js%00",
  "",
]) {
  get(`name '${file}'`, file, { headers: { "If-None-Match": '"4.8.4"' } });
}
family.add("path continued without a slash", (t) => t.exchange(request("GET", "/socket.iosocket.io.js", { headers: { "If-None-Match": '"4.8.4"' } })));
family.add("path continued with another character", (t) => t.exchange(request("GET", "/socket.io-socket.io.js", { headers: { "If-None-Match": '"4.8.4"' } })));
family.add("absolute form", (t) => t.exchange(request("GET", "http://test/socket.io/socket.io.js", { headers: { "If-None-Match": '"4.8.4"' } })));
family.add("WebSocket of a client file", (t) => {
  return t.exchange(Buffer.from(t.upgradeRequest("").toString("latin1").replace("/socket.io/?", "/socket.io/socket.io.js"), "latin1"));
});
family.add("two files on one connection", async (t) => {
  const c = await t.connect();
  c.methods.push("GET", "GET");
  c.send(Buffer.concat([request("GET", "/socket.io/socket.io.min.js"), request("GET", "/socket.io/socket.io.esm.min.js")]));
  await t.answer(c, 2);
  await t.settle();
}, { heavy: true });
