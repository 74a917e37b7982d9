// Socket.IO: joining and leaving namespaces, and what ends a connection.

import { Family } from "../lib/cases.mjs";
import { binary, close, text } from "../lib/ws.mjs";

const family = new Family("socket.io");
export default family;

/** Sends packets over a new WebSocket, each followed by silence. */
function packets(name, list, options) {
  family.add(name, async (t) => {
    const c = await t.webSocket();
    for (const packet of list) {
      c.send(Buffer.isBuffer(packet) ? packet : text(packet));
      await t.settle();
    }
  }, options);
}

/** The same over a WebSocket that has joined the main namespace. */
function joined(name, list, options) {
  family.add(name, async (t) => {
    const c = await t.joined();
    for (const packet of list) {
      c.send(Buffer.isBuffer(packet) ? packet : text(packet));
      await t.settle();
    }
  }, options);
}

const AFTER = '42["message","after"]';

// CONNECT.
for (const packet of [
  "40",
  "40{}",
  '40{"token":"abc","n":1.0,"x":[null,true,"\\u00e9"]}',
  '40{ "a" : 1 }',
  '40{"a":1,"a":2}',
  '40{"b":1,"1":2}',
  '40{"__proto__":{"x":1}}',
  '40{"pid":"p","offset":"o"}',
  "40/",
  "40/,",
  "40,",
  "40/custom",
  "40/custom,",
  "40/custom,{}",
  '40/custom,{"token":"abc"}',
  "40/custom{}",
  "40/custom?a=b,",
  "40/custom?a=b&c=d,{}",
  "40/custom#x,",
  "40/Custom,",
  "40//custom,",
  "40/custom/,",
  "40/%63ustom,",
  "40/custom ,",
  "40/unknown,",
  '40/unknown,{"token":"abc"}',
  "40/unknown?a=b,",
  "40/ünknown,",
  '40/quote"backslash\\,',
  `40/${"n".repeat(200)},`,
  "40/__proto__,",
  "40/_0,",
  "40null",
  "40[]",
  '40[{"a":1}]',
  '40"x"',
  "40true",
  "400",
  "401",
  "401{}",
  "40 ",
  "40 {}",
  "40\n{}",
  "40{",
  "40{}x",
  "40{}{}",
  "40x",
  "40-",
  '400-{"a":1}',
  "40/custom,null",
  "40/custom,[]",
  "40/custom,1",
  "40/custom,1{}",
  "40/custom,x",
  "40undefined",
]) {
  packets(`CONNECT ${packet.replaceAll("\n", "\\n").slice(0, 60)}`, [packet, AFTER]);
}

// What may come before CONNECT.
for (const packet of [
  '42["message",1]',
  "41",
  "43[]",
  '431["x"]',
  '44{"message":"x"}',
  '44"x"',
  "44",
  '451-["message",{"_placeholder":true,"num":0}]',
  "45",
  "461-1[]",
  "47",
  "48",
  "49",
  "4a",
  "4-",
  "4 ",
  "4[]",
  "4{}",
  "4",
  "4\u0660",
  "42",
  '42/custom,["message",1]',
  "41/custom,",
  '42/unknown,["message",1]',
]) {
  packets(`before CONNECT: ${packet}`, [packet, "40"]);
}
packets("before CONNECT: binary", [binary([1, 2, 3]), "40"]);
packets("before CONNECT: base64", ["bAQID", "40"]);
packets("before CONNECT: binary event with its attachment", [
  '451-["message",{"_placeholder":true,"num":0}]', binary([1, 2, 3]), "40",
]);

// CONNECT more than once, several namespaces.
joined("CONNECT twice", ["40", AFTER]);
joined("CONNECT twice with a payload", ['40{"a":1}', AFTER]);
joined("CONNECT to the main namespace by its name", ["40/,", AFTER]);
joined("second namespace", ["40/custom,", '42/custom,["message",1]', AFTER]);
joined("second namespace twice", ["40/custom,", "40/custom,", AFTER]);
joined("unknown second namespace", ["40/unknown,", AFTER]);
joined("unknown second namespace twice", ["40/unknown,", "40/unknown,", AFTER]);
joined("event for a namespace that was not joined", ['42/custom,["message",1]', AFTER]);
joined("event for an unknown namespace", ['42/unknown,["message",1]', AFTER]);
joined("event for a namespace that was left", ["40/custom,", "41/custom,", '42/custom,["message",1]', AFTER]);
packets("custom namespace only", ["40/custom,", AFTER]);
packets("custom namespace, then the main one", ["40/custom,", "40", AFTER]);
packets("event for the main namespace in the name of the custom one", ["40/custom,", '42["message",1]']);
packets("refused, then granted", ["40/unknown,", "40", AFTER]);
family.add("two CONNECTs in one segment", async (t) => {
  const c = await t.webSocket();
  c.send(Buffer.concat([text("40"), text("40")]));
  await t.answer(c, 2);
  await t.settle();
});
family.add("CONNECTs to two namespaces in one segment", async (t) => {
  const c = await t.webSocket();
  c.send(Buffer.concat([text("40"), text("40/custom,")]));
  await t.answer(c, 4);
  await t.settle();
});
family.add("CONNECT and an event in one segment", async (t) => {
  const c = await t.webSocket();
  c.send(Buffer.concat([text("40"), text(AFTER)]));
  await t.answer(c, 1);
  await t.settle();
});
family.add("CONNECT and DISCONNECT in one segment", async (t) => {
  const c = await t.webSocket();
  c.send(Buffer.concat([text("40"), text("41")]));
  await t.answer(c, 1);
  await t.settle();
});
family.add("CONNECT and the end in one segment", async (t) => {
  const c = await t.webSocket();
  c.send(Buffer.concat([text("40"), close(1000)]));
  await t.answer(c, 1);
  await t.settle();
});

// DISCONNECT.
for (const packet of ["41", "41,", "41/,", "41{}", "41[]", "411", "41x", "41null", "41 ", '41"reason"']) {
  joined(`DISCONNECT ${packet}`, [packet, AFTER]);
}
joined("DISCONNECT twice", ["41", "41"]);
joined("DISCONNECT, then CONNECT", ["41", "40", AFTER]);
joined("DISCONNECT from a namespace that was not joined", ["41/custom,", AFTER]);
joined("DISCONNECT from an unknown namespace", ["41/unknown,", AFTER]);
joined("DISCONNECT from one of two namespaces", ["40/custom,", "41/custom,", AFTER]);
joined("DISCONNECT from the main one of two namespaces", ["40/custom,", "41", '42/custom,["x"]', "40", AFTER]);
joined("DISCONNECT from both namespaces", ["40/custom,", "41", "41/custom,", "40", AFTER]);
family.add("event and DISCONNECT in one segment", async (t) => {
  const c = await t.joined();
  c.send(Buffer.concat([text('42["message",1]'), text("41")]));
  await t.settle();
});
family.add("event with acknowledgement and DISCONNECT in one segment", async (t) => {
  const c = await t.joined();
  c.send(Buffer.concat([text('421["message-with-ack",1]'), text("41")]));
  await t.settle();
});
family.add("DISCONNECT and CONNECT in one segment", async (t) => {
  const c = await t.joined();
  c.send(Buffer.concat([text("41"), text("40")]));
  await t.settle();
});
family.add("DISCONNECT and event in one segment", async (t) => {
  const c = await t.joined();
  c.send(Buffer.concat([text("41"), text(AFTER)]));
  await t.settle();
});

// CONNECT_ERROR is the server's to send.
for (const packet of ['44{"message":"x"}', '44"x"', "44", "44[]", "44null", "44/custom,"]) {
  joined(`CONNECT_ERROR ${packet} from the client`, [packet, AFTER]);
}

// Types.
for (const packet of ["47", "48", "49", "4a", "4", "4-1", "4\u00b2", "4\u0662", '4"2"', "4 2", "4\t", "4.", "4+2", "4,", "4/"]) {
  joined(`type: ${JSON.stringify(packet)}`, [packet, AFTER]);
}

// No namespace is joined in time.
for (const [name, list] of [["nothing is sent", []], ["an unknown namespace is asked for", ["40/unknown,"]]]) {
  family.add(`connect timeout when ${name}`, async (t) => {
    const c = await t.webSocket();
    for (const packet of list) c.send(text(packet));
    await t.answer(c, list.length + 1, 3000);
    await t.settle();
    c.send(close());
    await t.settle();
  }, { profile: "connect-timeout" });
}
family.add("no connect timeout after joining", async (t) => {
  const c = await t.joined();
  await t.settle({ idle: 900 });
  c.send(text(AFTER));
  await t.settle();
}, { profile: "connect-timeout" });
family.add("no connect timeout after joining and leaving", async (t) => {
  const c = await t.joined();
  c.send(text("41"));
  await t.settle({ idle: 900 });
  c.send(text("40"));
  await t.settle();
}, { profile: "connect-timeout" });
for (const poll of [false, true]) {
  family.add(`connect timeout of long-polling${poll ? ", poll pending" : ""}`, async (t) => {
    const session = await t.polling();
    if (poll) await session.startPoll();
    await t.settle({ idle: 900 });
    for (let i = 0; i < 2; i++) {
      await session.startPoll();
      await t.settle();
    }
  }, { profile: "connect-timeout" });
}
family.add("connect timeout while upgrading", async (t) => {
  const session = await t.polling();
  const ws = await t.webSocket({ query: `EIO=4&transport=websocket&sid=${session.sid}`, packets: 0 });
  ws.send(text("2probe"));
  await t.take(ws);
  await t.settle({ idle: 900 });
  await session.startPoll();
  await t.settle();
  ws.send(text("5"));
  await t.settle();
}, { profile: "connect-timeout", timed: true });
