// The heartbeat, with short times: a ping after 300 ms, and 800 ms for the pong.

import { setTimeout as sleep } from "node:timers/promises";
import { Family } from "../lib/cases.mjs";
import { close, text } from "../lib/ws.mjs";

const family = new Family("heartbeat", "heartbeat");
export default family;

/** Runs a step, and notes whether it took about as long as it should. */
async function timed(t, [least, most], step) {
  const start = performance.now();
  const result = await step();
  const took = performance.now() - start;
  t.note(took >= least && took <= most ? "in time" : `took ${Math.round(took)} ms`);
  return result;
}

const PING = [230, 900];
const TIMEOUT = [650, 1600];

family.add("pings that are answered", async (t) => {
  const c = await t.webSocket();
  for (let i = 0; i < 4; i++) {
    await timed(t, PING, () => t.take(c));
    c.send(text("3"));
  }
}, { long: true });
family.add("ping that is not answered", async (t) => {
  const c = await t.webSocket();
  await timed(t, PING, () => t.take(c));
  await timed(t, TIMEOUT, () => t.take(c));
  c.send(text("4late"));
  await t.settle();
  c.send(close());
  await t.settle();
}, { long: true });
family.add("pong before the first ping", async (t) => {
  const c = await t.webSocket();
  await sleep(150);
  c.send(text("3"));
  // The pong starts the interval anew.
  await timed(t, PING, () => t.take(c));
  await timed(t, TIMEOUT, () => t.take(c));
}, { long: true });
family.add("message instead of a pong extends the time once", async (t) => {
  const c = await t.webSocket();
  await t.take(c);
  await sleep(500);
  c.send(text("4a"));
  await t.take(c);
  await sleep(500);
  c.send(text("4b"));
  await t.take(c);
  // The second message did not extend it again: 800 ms after the first one the session ends.
  await timed(t, [100, 700], () => t.take(c));
}, { long: true });
family.add("noop instead of a pong extends the time", async (t) => {
  const c = await t.webSocket();
  await t.take(c);
  await sleep(500);
  c.send(text("6"));
  await timed(t, [650, 1600], () => t.take(c));
}, { long: true });
family.add("messages do not postpone the ping", async (t) => {
  const c = await t.webSocket();
  await sleep(150);
  c.send(text("4a"));
  await t.take(c);
  await timed(t, [20, 300], () => t.take(c));
}, { long: true });
family.add("WebSocket ping is no pong", async (t) => {
  const c = await t.webSocket();
  await t.take(c);
  c.send(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  await timed(t, TIMEOUT, () => t.take(c));
}, { long: true });
family.add("pings by long-polling", async (t) => {
  const session = await t.polling();
  for (let i = 0; i < 3; i++) {
    await session.poll();
    await session.post("3");
  }
  await t.settle();
}, { long: true });
family.add("ping that is not polled", async (t) => {
  const session = await t.polling();
  await sleep(600);
  await session.poll();
  await t.settle();
}, { long: true });
family.add("ping by long-polling that is not answered, no poll pending", async (t) => {
  const session = await t.polling();
  await session.poll();
  await sleep(1300);
  await t.exchange(t.get(session.query));
}, { long: true });
family.add("ping by long-polling that is not answered, poll pending", async (t) => {
  const session = await t.polling();
  await session.poll();
  await timed(t, TIMEOUT, () => session.poll());
  await t.exchange(t.get(session.query));
}, { long: true });
family.add("upgrade while a pong is awaited", async (t) => {
  const session = await t.polling();
  await session.poll();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  ws.send(text("5"));
  // The upgrade stops the pong's timer, and no other starts.
  await t.settle({ idle: 1400 });
  ws.send(text("3"));
  await timed(t, PING, () => t.take(ws));
}, { long: true });
family.add("upgrade before the first ping", async (t) => {
  const session = await t.polling();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  ws.send(text("5"));
  await t.take(ws);
  await timed(t, TIMEOUT, () => t.take(ws));
}, { long: true });

// The settings that the protocol's own test suites ask for.
const fixture = { profile: "fixture", long: true };
family.add("handshake of the fixture", (t) => t.exchange(t.get("EIO=4&transport=polling")), fixture);
family.add("ping of the fixture", async (t) => {
  const c = await t.joined();
  await timed(t, [150, 700], () => t.take(c));
  await timed(t, [120, 700], () => t.take(c));
}, fixture);
family.add("connect timeout of the fixture", async (t) => {
  const c = await t.webSocket();
  await timed(t, [850, 1800], async () => {
    for (let event; event?.opcode !== 8; ) {
      await t.answer(c);
      event = c.events.at(-1);
      c.consumed = c.events.length;
      if (event.opcode === 1) c.send(text("3"));
    }
  });
}, fixture);
