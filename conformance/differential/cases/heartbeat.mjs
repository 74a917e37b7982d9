// The heartbeat, with short times: a ping after 600 ms, and 1600 ms for the pong.

import { setTimeout as sleep } from "node:timers/promises";
import { Family } from "../lib/cases.mjs";
import { OPCODE, close, text } from "../lib/ws.mjs";

const family = new Family("heartbeat", "heartbeat");
export default family;

const INTERVAL = 600;
const TIMEOUT = 1600;

/** How much too early a timer may be: Sockeye's are rounded down to a tick of at most 16 ms. */
const EARLY = 20;

/** How much too late a step may be. The times above are so far apart that this mistakes none of them for another. */
const LATE = 280;

/**
 * Runs a step, and notes whether it took about as long as it should. What caused it was not earlier than `since`, so it
 * ends `total` after that at the earliest; and it takes `millis` at most, as the server has not begun later than now.
 */
async function timed(t, millis, step, { since = performance.now(), total = millis } = {}) {
  const start = performance.now();
  const result = await step();
  const [took, passed] = [performance.now() - start, performance.now() - since];
  if (passed < total - EARLY) t.note(`${Math.round(total - passed)} ms too early`);
  else t.note(took <= millis + LATE ? "in time" : `${Math.round(took - millis)} ms too late`);
  return result;
}

family.add("pings that are answered", async (t) => {
  let since = performance.now();
  const c = await t.webSocket();
  for (let i = 0; i < 3; i++) {
    await timed(t, INTERVAL, () => t.take(c), { since });
    since = performance.now();
    c.send(text("3"));
  }
}, { timed: true });
family.add("ping that is not answered", async (t) => {
  const since = performance.now();
  const c = await t.webSocket();
  await timed(t, INTERVAL, () => t.take(c), { since });
  await timed(t, TIMEOUT, () => t.take(c), { since, total: INTERVAL + TIMEOUT });
  c.send(text("4late"));
  await t.settle();
  c.send(close());
  await t.settle();
}, { timed: true });
family.add("pong before the first ping", async (t) => {
  const c = await t.webSocket();
  await sleep(300);
  const since = performance.now();
  c.send(text("3"));
  // The pong starts the interval anew.
  await timed(t, INTERVAL, () => t.take(c), { since });
  await timed(t, TIMEOUT, () => t.take(c), { since, total: INTERVAL + TIMEOUT });
}, { timed: true });
family.add("message instead of a pong extends the time once", async (t) => {
  const c = await t.webSocket();
  await t.take(c);
  await sleep(1000);
  const since = performance.now();
  c.send(text("4a"));
  await t.take(c);
  await sleep(1000);
  c.send(text("4b"));
  await t.take(c);
  // The second message did not extend it again: the session ends 1600 ms after the first one.
  await timed(t, 600, () => t.take(c), { since, total: TIMEOUT });
}, { timed: true });
family.add("noop instead of a pong extends the time", async (t) => {
  const c = await t.webSocket();
  await t.take(c);
  await sleep(1000);
  c.send(text("6"));
  await timed(t, TIMEOUT, () => t.take(c));
}, { timed: true });
family.add("messages do not postpone the ping", async (t) => {
  const since = performance.now();
  const c = await t.webSocket();
  await sleep(300);
  c.send(text("4a"));
  await t.take(c);
  await timed(t, 300, () => t.take(c), { since, total: INTERVAL });
}, { timed: true });
family.add("WebSocket ping is no pong", async (t) => {
  const since = performance.now();
  const c = await t.webSocket();
  await t.take(c);
  await sleep(300);
  c.send(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  await timed(t, TIMEOUT - 300, () => t.take(c), { since, total: INTERVAL + TIMEOUT });
}, { timed: true });
family.add("pings by long-polling", async (t) => {
  const session = await t.polling();
  for (let i = 0; i < 3; i++) {
    await session.poll();
    await session.post("3");
  }
  await t.settle();
}, { timed: true });
family.add("ping that is not polled", async (t) => {
  const session = await t.polling();
  await sleep(1000);
  await session.poll();
  await t.settle();
}, { timed: true });
family.add("ping by long-polling that is not answered, no poll pending", async (t) => {
  const session = await t.polling();
  await session.poll();
  await sleep(TIMEOUT + 600);
  await t.exchange(t.get(session.query));
}, { timed: true });
family.add("ping by long-polling that is not answered, poll pending", async (t) => {
  const since = performance.now();
  const session = await t.polling();
  await session.poll();
  await timed(t, TIMEOUT, () => session.poll(), { since, total: INTERVAL + TIMEOUT });
  await t.exchange(t.get(session.query));
}, { timed: true });
family.add("upgrade while a pong is awaited", async (t) => {
  const session = await t.polling();
  await session.poll();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  ws.send(text("5"));
  // In the reference, the upgrade stops the pong's timer, and no other starts.
  await t.settle({ idle: 2500 });
  if (ws.events.at(-1).opcode === OPCODE.close) return;
  const since = performance.now();
  ws.send(text("3"));
  await timed(t, INTERVAL, () => t.take(ws), { since });
}, { timed: true });
family.add("upgrade before the first ping", async (t) => {
  const since = performance.now();
  const session = await t.polling();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  ws.send(text("5"));
  await t.take(ws);
  await timed(t, TIMEOUT, () => t.take(ws), { since, total: INTERVAL + TIMEOUT });
}, { timed: true });

// Revision 3: the client pings, and has the sum of both times from one ping to the next.
const REVISION_3 = "EIO=3&transport=websocket";
family.add("revision 3, no ping", async (t) => {
  const since = performance.now();
  const c = await t.webSocket({ query: REVISION_3 });
  await timed(t, INTERVAL + TIMEOUT, () => t.take(c), { since });
}, { timed: true });
family.add("revision 3, pings, and then none", async (t) => {
  const c = await t.webSocket({ query: REVISION_3 });
  let since;
  for (let i = 0; i < 2; i++) {
    await sleep(1500);
    since = performance.now();
    c.send(text("2"));
    await t.take(c);
  }
  await timed(t, INTERVAL + TIMEOUT, () => t.take(c), { since });
}, { timed: true });
family.add("revision 3, messages instead of pings", async (t) => {
  const since = performance.now();
  const c = await t.webSocket({ query: REVISION_3 });
  await sleep(1500);
  c.send(text("4a"));
  await t.take(c);
  await timed(t, INTERVAL + TIMEOUT - 1500, () => t.take(c), { since, total: INTERVAL + TIMEOUT });
}, { timed: true });
family.add("revision 3, no ping by long-polling, poll pending", async (t) => {
  const since = performance.now();
  const session = await t.polling({ query: "EIO=3&transport=polling" });
  await timed(t, INTERVAL + TIMEOUT, () => session.poll(), { since });
  await t.exchange(t.get(session.query));
}, { timed: true });
family.add("revision 3, no ping after an upgrade", async (t) => {
  const session = await t.polling({ query: "EIO=3&transport=polling" });
  const ws = await t.webSocket({ query: `${REVISION_3}&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  ws.send(text("5"));
  // In the reference, the upgrade stops the timer, and nothing starts it again.
  await t.settle({ idle: INTERVAL + TIMEOUT + 500 });
}, { timed: true });

// The settings that the protocol's own test suites ask for.
const fixture = { profile: "fixture", timed: true };
family.add("handshake of the fixture", (t) => t.exchange(t.get("EIO=4&transport=polling")), { profile: "fixture" });
family.add("ping of the fixture", async (t) => {
  const since = performance.now();
  const c = await t.joined();
  await timed(t, 300, () => t.take(c), { since });
  await timed(t, 200, () => t.take(c), { since, total: 500 });
}, fixture);
family.add("connect timeout of the fixture", async (t) => {
  const since = performance.now();
  const c = await t.webSocket();
  await timed(t, 1000, async () => {
    for (let event; event?.opcode !== 8; ) {
      await t.answer(c, 1, 3000);
      event = c.events.at(-1);
      c.consumed = c.events.length;
      if (event.opcode === 1) c.send(text("3"));
    }
  }, { since });
}, fixture);
