// Cross-origin requests: with any origin allowed, with one, and with none.

import { Family } from "../lib/cases.mjs";
import { request } from "../lib/http.mjs";
import { text } from "../lib/ws.mjs";

const any = new Family("cors *", "socketio");
const fixed = new Family("cors of one origin", "origin");
const none = new Family("no cors", "no-cors");
export default [any, fixed, none];

const QUERY = "EIO=4&transport=polling";
const ALLOWED = "https://app.example";
const OTHER = "https://other.example";

function preflight(family, name, headers, query = QUERY) {
  family.add(`preflight ${name}`, (t) => t.exchange(request("OPTIONS", t.target(query), { headers })));
}

for (const family of [any, fixed, none]) {
  // Preflights.
  preflight(family, "without any header", {});
  preflight(family, "of the client", { Origin: ALLOWED, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type" });
  preflight(family, "of another origin", { Origin: OTHER, "Access-Control-Request-Method": "GET" });
  preflight(family, "without Origin", { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-a" });
  preflight(family, "of Origin null", { Origin: "null", "Access-Control-Request-Method": "GET" });
  preflight(family, "of an empty Origin", { Origin: "", "Access-Control-Request-Method": "GET" });
  preflight(family, "of a method that is not allowed", { Origin: ALLOWED, "Access-Control-Request-Method": "BREW" });
  preflight(family, "with several requested headers", { Origin: ALLOWED, "Access-Control-Request-Headers": "X-A, x-b,X-C" });
  preflight(family, "with empty requested headers", { Origin: ALLOWED, "Access-Control-Request-Headers": "" });
  preflight(family, "with two lines of requested headers", [["Origin", ALLOWED], ["Access-Control-Request-Headers", "x-a"], ["Access-Control-Request-Headers", "x-b"]]);
  preflight(family, "with odd requested headers", { Origin: ALLOWED, "Access-Control-Request-Headers": "<script>, \"a\"" });
  preflight(family, "for a private network", { Origin: ALLOWED, "Access-Control-Request-Private-Network": "true" });
  preflight(family, "with credentials", { Origin: ALLOWED, Cookie: "a=b", "Access-Control-Request-Method": "GET" });
  preflight(family, "with unknown transport", { Origin: ALLOWED, "Access-Control-Request-Method": "GET" }, "EIO=4&transport=x");
  preflight(family, "with unknown sid", { Origin: ALLOWED, "Access-Control-Request-Method": "POST" }, `${QUERY}&sid=x`);
  preflight(family, "without a query", { Origin: ALLOWED, "Access-Control-Request-Method": "POST" }, "");
  family.add("preflight of a session", async (t) => {
    const session = await t.polling();
    await t.exchange(request("OPTIONS", t.target(session.query), { headers: { Origin: ALLOWED } }));
  });
  family.add("preflight of another path", (t) => t.exchange(request("OPTIONS", "/other", { headers: { Origin: ALLOWED } })));
  family.add("preflight of a client file", (t) => {
    return t.exchange(request("OPTIONS", "/socket.io/socket.io.min.js", { headers: { Origin: ALLOWED, "Access-Control-Request-Method": "GET" } }));
  });
  family.add("preflight with a body", async (t) => {
    const c = await t.exchange(request("OPTIONS", t.target(QUERY), { headers: { Origin: ALLOWED }, body: "hello" }));
    await t.exchange(request("GET", "/"), c);
  });

  // Requests proper.
  for (const origin of [undefined, ALLOWED, OTHER, "null", "", "nonsense", `${ALLOWED}.evil.example`, "HTTPS://APP.EXAMPLE", `${ALLOWED}:443`, `${ALLOWED}/`, "http://test", "https://test"]) {
    const headers = origin === undefined ? {} : { Origin: origin };
    const shown = origin === undefined ? "without Origin" : `of Origin '${origin}'`;
    family.add(`handshake ${shown}`, (t) => t.exchange(t.get(QUERY, { headers })));
    family.add(`WebSocket ${shown}`, async (t) => {
      const c = await t.exchange(t.upgradeRequest("EIO=4&transport=websocket", { headers }));
      if (c.isWebSocket) c.send(text("40"));
      await t.settle();
    });
  }
  family.add("error of another origin", (t) => t.exchange(t.get("EIO=4&transport=x", { headers: { Origin: OTHER } })));
  family.add("refused WebSocket of another origin", (t) => {
    return t.exchange(t.upgradeRequest("EIO=4&transport=x", { headers: { Origin: OTHER } }));
  });
  family.add("session used by another origin", async (t) => {
    const session = await t.polling({ headers: { Origin: ALLOWED } });
    const c = await t.exchange(t.post(session.query, "40", { headers: { Origin: OTHER } }));
    await t.exchange(t.get(session.query, { headers: { Origin: OTHER } }), c);
    await t.exchange(t.upgradeRequest(`EIO=4&transport=websocket&sid=${session.sid}`, { headers: { Origin: OTHER } }));
  });
  family.add("not found of another origin", (t) => t.exchange(request("GET", "/", { headers: { Origin: OTHER } })));
  family.add("two Origins", (t) => t.exchange(t.get(QUERY, { headers: [["Origin", ALLOWED], ["Origin", OTHER]] })));
  family.add("client file of another origin", (t) => {
    return t.exchange(request("GET", "/socket.io/socket.io.min.js", { headers: { Origin: OTHER } }));
  });
  family.add("client file not modified, of another origin", (t) => {
    return t.exchange(request("GET", "/socket.io/socket.io.min.js", { headers: { Origin: OTHER, "If-None-Match": '"4.8.4"' } }));
  });
}

// Characters that must not be in a header's value.
for (const [name, origin] of [
  ["latin-1", "https://\xe9.example"],
  ["UTF-8", Buffer.from("https://é.example").toString("latin1")],
  ["a tab", "https://a\tb"],
  ["a delete character", "https://a\x7fb"],
  ["a control character", "https://a\x01b"],
  ["a comma", "https://a, https://b"],
  ["a space at its end", "https://a "],
  ["a tab at its end", "https://a\t"],
]) {
  any.add(`Origin with ${name}`, (t) => t.exchange(t.get(QUERY, { headers: { Origin: origin } })));
  any.add(`Origin with ${name}, unknown transport`, (t) => t.exchange(t.get("EIO=4&transport=x", { headers: { Origin: origin } })));
  fixed.add(`Origin with ${name}`, (t) => t.exchange(t.get(QUERY, { headers: { Origin: origin } })));
}

// The cookie of a session.
fixed.add("cookie of the handshake only", async (t) => {
  const session = await t.polling();
  await session.post("40");
  await session.poll();
  await t.settle();
});
fixed.add("cookie with a client file", (t) => t.exchange(request("GET", "/socket.io/socket.io.js.map", { headers: { "If-None-Match": '"4.8.4"' } })));
fixed.add("cookie sent back", async (t) => {
  const session = await t.polling();
  await t.exchange(t.get(QUERY, { headers: { Cookie: `io=${session.sid}` } }));
  await t.exchange(t.post(QUERY, "40", { headers: { Cookie: `io=${session.sid}` } }));
});
