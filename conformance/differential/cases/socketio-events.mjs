// Socket.IO: events, acknowledgements and attachments. The fixture answers "message" with "message-back".

import { Family } from "../lib/cases.mjs";
import { binary, text } from "../lib/ws.mjs";

const family = new Family("socket.io");
export default family;

const AFTER = '42["message","after"]';

/** Sends packets over a WebSocket that has joined, in one segment, then looks whether the connection still works. */
function burst(name, list, { namespace, answers = 1, ...options } = {}) {
  family.add(name, async (t) => {
    const c = await t.joined(namespace);
    c.send(Buffer.concat(list.map((packet) => (Buffer.isBuffer(packet) ? packet : text(packet)))));
    if (answers > 0) await t.answer(c, answers);
    await t.settle();
    if (c.state !== "open") return;
    c.send(text(namespace === undefined ? AFTER : `40`));
    await t.settle();
  }, options);
}

// Names of events, and payloads that are no events.
for (const packet of [
  '42["message"]',
  '42["message",1,"2",{"3":["4"]},null,true]',
  '42["message",[]]',
  '42["message-with-ack",1]',
  '42["message-with-ack"]',
  '42["message-back",1]',
  '42["unknown",1]',
  '42["Message",1]',
  '42["",1]',
  '42["message ",1]',
  '42["m\\u0065ssage",1]',
  '42["error"]',
  '42["error",{"message":"x"}]',
  '42["connect"]',
  '42["connect_error"]',
  '42["connection"]',
  '42["disconnect"]',
  '42["disconnect","x"]',
  '42["disconnecting"]',
  '42["newListener"]',
  '42["removeListener"]',
  '42["__proto__",1]',
  '42["toString",1]',
  '42["constructor",1]',
  "42[1]",
  "42[0,1]",
  "42[-1]",
  "42[1.5]",
  "42[1e400]",
  "42[null]",
  "42[true]",
  "42[{}]",
  '42[["message"]]',
  '42[["message"],1]',
  "42[]",
  "42",
  "42{}",
  '42{"0":"message"}',
  '42"message"',
  "42null",
  "42true",
  "42,",
  '42,["message",1]',
  '42/,["message",1]',
  '42/custom,["message",1]',
  '42/["message",1]',
  '42["message",1',
  '42["message",1]x',
  '42["message",1]]',
  '42["message",1] ',
  '42["message",1]\n',
  '42x["message",1]',
  '42-["message",1]',
  '421-["message",1]',
  '420-["message",1]',
]) {
  burst(`event ${visible(packet)}`, [packet], { answers: 0 });
}
burst("event for the custom namespace", ['42/custom,["message",1]'], { namespace: "/custom", answers: 0 });
burst("events one after another", Array.from({ length: 50 }, (_, i) => `42["message",${i}]`), { answers: 50 });
burst("event and a broken packet", ['42["message",1]', "4x", '42["message",2]'], { answers: 1 });
burst("events around an engine ping", ['42["message",1]', "2", '42["message",2]'], { answers: 1 });
burst("events around engine packets without a meaning", ['42["message",1]', "3", "6", "5", '42["message",2]'], { answers: 2 });
burst("event with many arguments", [`42["message"${",1".repeat(5000)}]`]);
burst("event with a large string", [`42["message","${"x".repeat(100_000)}"]`]);

// Acknowledgements asked for by the client. Only of "message-with-ack": with an id, the fixture's "message" asks for an
// acknowledgement in turn, whose id depends on what other cases did before.
for (const id of [
  "0", "1", "9", "10", "007", "0000", "123456789", "2147483647", "2147483648", "4294967296", "9007199254740991",
  "9007199254740992", "9007199254740993", "12345678901234567890", "99999999999999999999999", "9".repeat(309), "9".repeat(400),
  "1 ", " 1", "1 2", " ", "  ", "\t", "\n", "1\t2", "1.5", "-1", "+1", "1e3", "0x1", "1,", "\u0661", "1\u00a0", "\u2003",
]) {
  const shown = id.length > 40 ? `of ${id.length} digits` : `'${visible(id)}'`;
  burst(`acknowledgement ${shown}`, [`42${id}["message-with-ack",1,"a"]`], { answers: 0 });
}
burst("acknowledgement without arguments", ['421["message-with-ack"]']);
burst("acknowledgement of several arguments", ['421["message-with-ack",1,[2],{"a":"b"},null]']);
burst("acknowledgement of an unknown event", ['421["unknown",1]'], { answers: 0 });
burst("same acknowledgement id twice", ['421["message-with-ack",1]', '421["message-with-ack",2]'], { answers: 2 });
burst("acknowledgement in the custom namespace", ['42/custom,1["message-with-ack",1]'], { namespace: "/custom", answers: 0 });
burst("acknowledgement with the main namespace written out", ['42/,1["message-with-ack",1]']);

// Acknowledgements given by the client; the fixture asks for none.
for (const packet of ["43", "43[]", "431[]", "431[1]", "43[1]", "431", "431{}", '431"x"', "431null", "431[", "43/custom,1[]", "43999999999999999999999[]", "43 []"]) {
  burst(`ACK ${packet} from the client`, [packet], { answers: 0 });
}

// Attachments: their count.
const PLACEHOLDER = '{"_placeholder":true,"num":0}';
for (const count of [
  "1", "01", "001", "1.0", "1e0", "0x1", "0b1", "+1", " 1", "1 ", "", "0", "-1", "1.5", "NaN", "Infinity", "x", "1_0", "1,",
  "\n1", "\u0661", "null", "true",
]) {
  burst(`attachments '${visible(count)}'`, [`45${count}-["message",${PLACEHOLDER}]`, binary([1, 2, 3])]);
}
for (const count of [2, 9, 10, 11, 12, 100, 1000000]) {
  const sent = Math.min(count, 12);
  const placeholders = Array.from({ length: sent }, (_, i) => `{"_placeholder":true,"num":${i}}`).join(",");
  const attachments = Array.from({ length: sent }, (_, i) => binary([i]));
  burst(`${count} attachments`, [`45${count}-["message",${placeholders}]`, ...attachments], { answers: sent + 1 });
}
for (const header of ["45", "451", '451["message",1]', '45["message",1]', "451-", "451-[]", "451-/custom,", "451-{}", "451-null", "45-1-"]) {
  burst(`binary event ${header}`, [header, binary([1, 2, 3])]);
}

// Attachments: their placeholders.
for (const [name, args] of [
  ["at the top", PLACEHOLDER],
  ["in an object", `{"a":{"b":${PLACEHOLDER}}}`],
  ["in an array", `[[${PLACEHOLDER}]]`],
  ["with other keys", '{"_placeholder":true,"num":0,"x":1}'],
  ["with the keys in other order", '{"num":0,"_placeholder":true}'],
  ["twice", `${PLACEHOLDER},${PLACEHOLDER}`],
  ["none", "1"],
  ["num too large", '{"_placeholder":true,"num":1}'],
  ["num negative", '{"_placeholder":true,"num":-1}'],
  ["num -0", '{"_placeholder":true,"num":-0}'],
  ["num 0.0", '{"_placeholder":true,"num":0.0}'],
  ["num 0e5", '{"_placeholder":true,"num":0e5}'],
  ["num fractional", '{"_placeholder":true,"num":0.5}'],
  ["num huge", '{"_placeholder":true,"num":1e400}'],
  ["num a string", '{"_placeholder":true,"num":"0"}'],
  ["num null", '{"_placeholder":true,"num":null}'],
  ["num missing", '{"_placeholder":true}'],
  ["num an array", '{"_placeholder":true,"num":[0]}'],
  ["flag false", '{"_placeholder":false,"num":0}'],
  ["flag 1", '{"_placeholder":1,"num":0}'],
  ["flag a string", '{"_placeholder":"true","num":0}'],
  ["flag null", '{"_placeholder":null,"num":0}'],
  ["key escaped", '{"_pl\\u0061ceholder":true,"num":0}'],
  ["key twice, last false", '{"_placeholder":true,"_placeholder":false,"num":0}'],
  ["key twice, last true", '{"_placeholder":false,"_placeholder":true,"num":0}'],
  ["inside a placeholder", `{"_placeholder":true,"num":0,"x":${PLACEHOLDER}}`],
  ["with null beside", `null,${PLACEHOLDER},null`],
  ["with text after", `${PLACEHOLDER},"text"`],
  ["in a string", JSON.stringify(PLACEHOLDER)],
]) {
  burst(`placeholder ${name}`, [`451-["message",${args}]`, binary([1, 2, 3])], { answers: 2 });
}
burst("placeholder as the event's name", [`451-[${PLACEHOLDER},1]`, binary([1, 2, 3])]);
burst("placeholder in a plain event", [`42["message",${PLACEHOLDER}]`]);
burst("placeholders in reverse order", [
  '452-["message",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]', binary([1]), binary([2]),
], { answers: 3 });
burst("placeholder and num beyond in a later one", [
  '452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":2}]', binary([1]), binary([2]),
]);
burst("one attachment used twice, one not at all", [
  '452-["message",{"_placeholder":true,"num":1},{"_placeholder":true,"num":1}]', binary([1]), binary([2]),
], { answers: 3 });

// Attachments: what comes.
burst("attachment that is empty", [`451-["message",${PLACEHOLDER}]`, binary([])], { answers: 2 });
burst("attachment in base64", [`451-["message",${PLACEHOLDER}]`, "bAQID"], { answers: 2 });
burst("attachment of 100,000 bytes", [`451-["message",${PLACEHOLDER}]`, binary(Buffer.alloc(100_000, 1))], { answers: 2 });
burst("attachment missing", [`451-["message",${PLACEHOLDER}]`], { answers: 0 });
burst("attachment without a packet", [binary([1, 2, 3])]);
burst("one attachment too many", [`451-["message",${PLACEHOLDER}]`, binary([1]), binary([2])], { answers: 3 });
burst("one attachment too few", [`452-["message",${PLACEHOLDER},{"_placeholder":true,"num":1}]`, binary([1])], { answers: 0 });
burst("event instead of an attachment", [`451-["message",${PLACEHOLDER}]`, '42["message",1]']);
burst("binary event instead of an attachment", [`451-["message",${PLACEHOLDER}]`, `451-["message",${PLACEHOLDER}]`]);
burst("DISCONNECT instead of an attachment", [`451-["message",${PLACEHOLDER}]`, "41"]);
burst("engine pong between packet and attachment", [`451-["message",${PLACEHOLDER}]`, "3", binary([1])], { answers: 2 });
burst("binary event, plain event, binary event", [
  `451-["message",${PLACEHOLDER}]`, binary([1]), '42["message",1]', `451-["message",${PLACEHOLDER}]`, binary([2]),
], { answers: 5 });
burst("binary event with acknowledgement", [`451-7["message-with-ack",${PLACEHOLDER}]`, binary([1])], { answers: 2 });
burst("binary event with acknowledgement and plain argument", [`451-7["message-with-ack",{"a":${PLACEHOLDER}},"x"]`, binary([1])], { answers: 2 });
burst("binary event with a reserved name", [`451-["disconnect",${PLACEHOLDER}]`, binary([1])]);
burst("binary event with a number as its name", [`451-[1,${PLACEHOLDER}]`, binary([1])], { answers: 0 });
burst("binary event for an unknown namespace", [`451-/unknown,["message",${PLACEHOLDER}]`, binary([1])]);
burst("binary event for the custom namespace", [`451-/custom,["message",${PLACEHOLDER}]`, binary([1])], { namespace: "/custom", answers: 0 });
burst("BINARY_ACK from the client", ["461-1[{}]", binary([1])], { answers: 0 });
burst("BINARY_ACK without id", [`461-[${PLACEHOLDER}]`, binary([1])], { answers: 0 });
burst("BINARY_ACK with a bad placeholder", ['461-1[{"_placeholder":true,"num":3}]', binary([1])]);
burst("BINARY_ACK that is no array", ['461-1{"a":1}', binary([1])]);
burst("BINARY_ACK without attachments", ["460-1[]"]);

function visible(packet) {
  return packet.replace(/[\u0000-\u001f\u007f-\u00a0\u2000-\u206f\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
