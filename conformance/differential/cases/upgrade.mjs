// From long-polling to WebSocket: the upgrade in every order. Against the echo server.

import { Family } from "../lib/cases.mjs";
import { close, binary, frame, text } from "../lib/ws.mjs";

const family = new Family("upgrade", "engine");
export default family;

const query = (sid) => `EIO=4&transport=websocket&sid=${sid}`;

/** A polling session and a WebSocket that asks for it. */
async function open(t, { poll = false } = {}) {
  const session = await t.polling();
  if (poll) await session.startPoll();
  await t.settle();
  const ws = await t.webSocket({ query: query(session.sid), packets: 0 });
  await t.settle();
  return { session, ws };
}

/** Sends one packet after another over the WebSocket, each time waiting for silence. */
function dance(name, packets, { then, ...options } = {}) {
  for (const poll of [false, true]) {
    family.add(`${name}${poll ? ", poll pending" : ""}`, async (t) => {
      const { session, ws } = await open(t, { poll });
      for (const packet of packets) {
        ws.send(Buffer.isBuffer(packet) ? packet : text(packet));
        // The reference looks for a pending poll every 100 ms.
        await t.settle({ idle: 250 });
      }
      await then?.(t, session, ws);
      await t.exchange(t.get(session.query));
      ws.send(text("4x"));
      await t.settle();
    }, options);
  }
}

dance("whole", ["2probe", "5"]);
dance("whole, then a message", ["2probe", "5", "4hello"]);
dance("probe only", ["2probe"]);
dance("upgrade without a probe", ["5"]);
dance("upgrade with data", ["2probe", "5x"]);
dance("two probes", ["2probe", "2probe", "5"]);
dance("two upgrades", ["2probe", "5", "5"]);
dance("probe after the upgrade", ["2probe", "5", "2probe"]);
dance("message instead of the probe", ["4hello"]);
dance("message between probe and upgrade", ["2probe", "4hello"]);
dance("ping without data", ["2"]);
dance("ping with other data", ["2x"]);
dance("pong", ["3"]);
dance("pong probe", ["3probe"]);
dance("close packet", ["1"]);
dance("close packet after the probe", ["2probe", "1"]);
dance("close packet after the upgrade", ["2probe", "5", "1"]);
dance("noop", ["6"]);
dance("open", ["0"]);
dance("unknown type", ["9"]);
dance("empty text", [""]);
dance("binary", [binary([1, 2])]);
dance("binary that looks like a probe", [binary(Buffer.from("2probe"))]);
dance("close frame", [close(1000)]);
dance("close frame after the probe", ["2probe", close(1000)]);
dance("close frame after the upgrade", ["2probe", "5", close(1000)]);
dance("broken frame", [frame(3)]);
dance("broken frame after the probe", ["2probe", frame(3)]);
dance("broken frame after the upgrade", ["2probe", "5", frame(3)]);
dance("ping frame", [frame(9, "hi"), "2probe", "5"]);

// While the server has something to send.
for (const [name, packets] of [["before the probe", []], ["after the probe", ["2probe"]]]) {
  family.add(`message posted ${name} is sent after the upgrade`, async (t) => {
    const { session, ws } = await open(t);
    for (const packet of packets) ws.send(text(packet));
    await t.settle();
    await session.post("4posted");
    await t.settle();
    if (packets.length === 0) ws.send(text("2probe"));
    await t.settle();
    ws.send(text("5"));
    await t.settle();
    ws.send(text("4over"));
    await t.settle();
  });
  family.add(`message posted ${name} is polled before the upgrade`, async (t) => {
    const { session, ws } = await open(t);
    for (const packet of packets) ws.send(text(packet));
    await t.settle();
    await session.post("4posted");
    await session.startPoll();
    await t.settle({ idle: 250 });
    if (packets.length === 0) ws.send(text("2probe"));
    await t.settle({ idle: 250 });
    ws.send(text("5"));
    await t.settle();
  });
}
family.add("polls during the probe are released with a noop", async (t) => {
  const { session, ws } = await open(t);
  ws.send(text("2probe"));
  await t.settle();
  for (let i = 0; i < 3; i++) {
    await session.startPoll();
    await t.answer(session.pollConnection);
    await t.settle();
  }
  ws.send(text("5"));
  await t.settle();
});
family.add("poll and post after the upgrade", async (t) => {
  const { session, ws } = await open(t);
  ws.send(text("2probe"));
  await t.settle();
  ws.send(text("5"));
  await t.settle();
  await t.exchange(t.get(session.query));
  await t.exchange(t.post(session.query, "4a"));
  await t.exchange(t.post(`EIO=4&transport=websocket&sid=${session.sid}`, "4a"));
  ws.send(text("4b"));
  await t.settle();
});
family.add("frames in the segment of the request", async (t) => {
  const session = await t.polling();
  const ws = await t.connect("ws");
  ws.methods.push("GET");
  ws.send(Buffer.concat([t.upgradeRequest(query(session.sid)), text("2probe"), text("5"), text("4a")]));
  await t.answer(ws, 3);
  await t.settle();
});
family.add("probe, upgrade and message in one segment", async (t) => {
  const { ws } = await open(t);
  ws.send(Buffer.concat([text("2probe"), text("5"), text("4a"), text("4b")]));
  await t.answer(ws, 3);
  await t.settle();
});

// The session ends while it is upgrading.
for (const [name, end] of [["close packet", "1"], ["parse error", "9"], ["ping", "2"]]) {
  for (const probed of [false, true]) {
    family.add(`${name} posted ${probed ? "after" : "before"} the probe`, async (t) => {
      const { session, ws } = await open(t);
      if (probed) ws.send(text("2probe"));
      await t.settle();
      await session.post(end);
      await t.settle();
      ws.send(text(probed ? "5" : "2probe"));
      await t.settle();
    });
  }
}
family.add("poll aborted while upgrading", async (t) => {
  const { session, ws } = await open(t, { poll: true });
  session.pollConnection.abort();
  await t.settle();
  ws.send(text("2probe"));
  await t.settle();
});

// A second WebSocket.
for (const [name, packets] of [["before the probe", []], ["after the probe", ["2probe"]], ["after the upgrade", ["2probe", "5"]]]) {
  family.add(`second WebSocket ${name}`, async (t) => {
    const { session, ws } = await open(t);
    for (const packet of packets) {
      ws.send(text(packet));
      await t.settle();
    }
    const second = await t.webSocket({ query: query(session.sid), packets: 0, name: "ws2" });
    await t.settle();
    second.send(text("2probe"));
    await t.settle();
    if (packets.length < 2) ws.send(text(packets.length === 0 ? "2probe" : "5"));
    await t.settle();
    ws.send(text("4a"));
    await t.settle();
  });
}
family.add("second WebSocket after the first one failed", async (t) => {
  const { session, ws } = await open(t);
  ws.send(text("4x"));
  await t.settle();
  const second = await t.webSocket({ query: query(session.sid), packets: 0, name: "ws2" });
  second.send(text("2probe"));
  await t.settle();
  second.send(text("5"));
  await t.settle();
  second.send(text("4a"));
  await t.settle();
});
family.add("WebSocket of a session that began as one", async (t) => {
  const first = await t.webSocket();
  const second = await t.webSocket({ query: query(first.sid), packets: 0, name: "ws2" });
  await t.settle();
  second.send(text("2probe"));
  await t.settle();
  second.send(text("5"));
  await t.settle();
  first.send(text("4a"));
  second.send(text("4b"));
  await t.settle();
});

// Requests that do not fit the session.
for (const [name, target] of [
  ["EIO=3", (sid) => `EIO=3&transport=websocket&sid=${sid}`],
  ["no EIO", (sid) => `transport=websocket&sid=${sid}`],
  ["transport=polling", (sid) => `EIO=4&transport=polling&sid=${sid}`],
  ["unknown transport", (sid) => `EIO=4&transport=x&sid=${sid}`],
]) {
  family.add(`request with ${name}`, async (t) => {
    const session = await t.polling();
    const c = await t.exchange(t.upgradeRequest(target(session.sid)));
    c.send(text("2probe"));
    await t.settle();
    await t.exchange(t.post(session.query, "4a"));
    await t.exchange(t.get(session.query));
  });
}
for (const [name, headers] of [["no key", { "Sec-WebSocket-Key": undefined }], ["version 12", { "Sec-WebSocket-Version": "12" }]]) {
  family.add(`request with ${name}`, async (t) => {
    const session = await t.polling();
    await t.exchange(t.upgradeRequest(query(session.sid), { headers }));
    await t.exchange(t.post(session.query, "4a"));
    await t.exchange(t.get(session.query));
  });
}

// The upgrade takes too long.
for (const [name, packets] of [["without a probe", []], ["after the probe", ["2probe"]]]) {
  family.add(`timeout ${name}`, async (t) => {
    const { session, ws } = await open(t);
    for (const packet of packets) ws.send(text(packet));
    await t.settle();
    await t.answer(ws, 1, 3000);
    await t.settle();
    ws.send(text("5"));
    await t.settle();
    await t.exchange(t.post(session.query, "4a"));
    await t.exchange(t.get(session.query));
    const second = await t.webSocket({ query: query(session.sid), packets: 0, name: "ws2" });
    second.send(text("2probe"));
    await t.settle();
  }, { profile: "upgrade-timeout", timed: true });
}
