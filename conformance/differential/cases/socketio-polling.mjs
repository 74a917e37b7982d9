// Socket.IO over long-polling: what is sent in which answer, and how a bad packet ends the session.

import { Family } from "../lib/cases.mjs";
import { text } from "../lib/ws.mjs";

const family = new Family("socket.io over polling");
export default family;

const SEPARATOR = "\x1e";

/** Posts bodies one after another, then polls twice. */
function posts(name, bodies, options) {
  family.add(name, async (t) => {
    const session = await t.polling();
    for (const body of bodies) {
      await session.startPost(body);
      await t.answer(session.postConnection);
      await t.settle();
    }
    for (let i = 0; i < 2 && session.pollConnection.methods.length === 0; i++) {
      await session.startPoll();
      await t.settle();
    }
  }, options);
}

/** The same while a poll is always pending, as a client does it. */
function postsWhilePolling(name, bodies, options) {
  family.add(`${name}, poll pending`, async (t) => {
    const session = await t.polling();
    await session.keepPolling();
    for (const body of bodies) {
      await session.startPost(body);
      await t.answer(session.postConnection);
      await session.keepPolling();
    }
  }, options);
}

for (const [name, bodies] of [
  ["CONNECT", ["40"]],
  ["CONNECT and an event", ["40", '42["message",1]']],
  ["CONNECT and an event in one payload", [`40${SEPARATOR}42["message",1]`]],
  ["two CONNECTs in one payload", [`40${SEPARATOR}40`]],
  ["CONNECTs to two namespaces in one payload", [`40${SEPARATOR}40/custom,`]],
  ["CONNECT twice", ["40", "40"]],
  ["unknown namespace", ["40/unknown,"]],
  ["event before CONNECT", ['42["message",1]']],
  ["several events in one payload", ["40", `42["message",1]${SEPARATOR}42["message",2]${SEPARATOR}42["message",3]`]],
  ["event and DISCONNECT in one payload", ["40", `42["message",1]${SEPARATOR}41`]],
  ["DISCONNECT", ["40", "41"]],
  ["acknowledgement", ["40", '427["message-with-ack","a",1]']],
  ["binary event", ["40", `451-["message",{"_placeholder":true,"num":0}]${SEPARATOR}bAQID`]],
  ["binary event in two payloads", ["40", '451-["message",{"_placeholder":true,"num":0}]', "bAQID"]],
  ["binary event, attachment missing", ["40", `451-["message",{"_placeholder":true,"num":0}]${SEPARATOR}42["message",1]`]],
  ["broken packet", ["40", "4x"]],
  ["broken JSON", ["40", '42["message",']],
  ["broken packet between events", ["40", `42["message",1]${SEPARATOR}4x${SEPARATOR}42["message",2]`]],
  ["broken packet before CONNECT", ["4x"]],
  ["reserved event", ["40", '42["disconnect"]']],
  ["CONNECT_ERROR", ["40", '44"x"']],
  ["engine close", ["40", "1"]],
  ["engine close behind an event", ["40", `42["message",1]${SEPARATOR}1`]],
  ["engine ping", ["40", "2"]],
  ["engine ping behind an event", ["40", `42["message",1]${SEPARATOR}2`]],
  ["CONNECT and engine close in one payload", [`40${SEPARATOR}1`]],
  ["empty payload", ["40", ""]],
  ["binary without a packet", ["40", "bAQID"]],
]) {
  posts(name, bodies);
  postsWhilePolling(name, bodies);
}

// The whole way: long-polling, upgrade, WebSocket.
family.add("events before, during and after the upgrade", async (t) => {
  const session = await t.polling();
  await session.post("40");
  await session.poll();
  await session.post('42["message","polling"]');
  await session.poll();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  await t.settle();
  ws.send(text("2probe"));
  await t.settle();
  await session.post('42["message","probing"]');
  await t.settle();
  ws.send(text("5"));
  await t.settle();
  ws.send(text('42["message","upgraded"]'));
  await t.settle();
  ws.send(text("41"));
  await t.settle();
});
family.add("upgrade before CONNECT", async (t) => {
  const session = await t.polling();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  ws.send(text("5"));
  await t.settle();
  ws.send(text("40"));
  await t.answer(ws, 2);
  await t.settle();
});
family.add("broken packet while upgrading", async (t) => {
  const session = await t.polling();
  await session.post("40");
  await session.poll();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  await session.post("4x");
  await t.settle({ idle: 250 });
  await session.startPoll();
  await t.settle({ idle: 250 });
  ws.send(text("5"));
  await t.settle();
});
family.add("broken packet after the upgrade", async (t) => {
  const session = await t.polling();
  await session.post("40");
  await session.poll();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  ws.send(text("5"));
  await t.settle();
  ws.send(text("4x"));
  await t.settle();
});
family.add("large event is compressed", async (t) => {
  const session = await t.polling();
  await session.post("40");
  await session.poll();
  await session.post(`42["message","${"x".repeat(5000)}"]`);
  await session.startPoll({ headers: { "Accept-Encoding": "gzip, deflate" } });
  await t.answer(session.pollConnection);
  await t.settle();
});
family.add("sessions are told apart", async (t) => {
  const a = await t.polling();
  const b = await t.webSocket();
  await a.post("40");
  await t.join(b, "/", '{"who":"b"}');
  await a.poll();
  await a.post('42["message","a"]');
  b.send(text('42["message","b"]'));
  await a.poll();
  await t.settle();
});
