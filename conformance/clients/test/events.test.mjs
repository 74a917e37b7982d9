import { deepStrictEqual } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { stage } from "../lib/scene.mjs";

const deep = (levels) => (levels === 0 ? [] : [deep(levels - 1)]);

const ARGUMENTS = {
  "no argument": [],
  null: [null],
  booleans: [true, false],
  "whole numbers": [0, 1, -1, 2147483648, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  fractions: [0.1, -2.5, 1e21, 1e-7, 5e-324, Number.MAX_VALUE],
  strings: ["", "plain", '"quoted" and \\ and /', "tab\tnewline\nreturn\r"],
  "control characters": ["\u0000", "\u001e", "a\u001eb", "\u007f", "\u0085"],
  Unicode: ["é", "日本語", "🦊", "👩‍👩‍👧‍👦", "e\u0301", "\u2028\u2029", "\ufeff", "\uffff", "עברית"],
  "half of a surrogate pair": ["\ud83e", "\udd8a"],
  "strings that look like packets": ["2", "42[]", "51-[{}]", "2probe", "b64", '{"_placeholder":true,"num":0}'],
  "empty containers": [[], {}, [[]], [{}], { a: [] }],
  nested: [{ list: [1, [2, [3, { four: "5" }]]], object: { a: { b: { c: null } } } }],
  "sixty levels": [deep(60)],
  "odd keys": [{ "": 1, " ": 2, "é\u001e": 3, constructor: 4, toString: 5, "0": 6 }, JSON.parse('{"__proto__":{"a":1}}')],
  "an object that looks like an attachment": [{ _placeholder: true, num: 0 }],
  "ten arguments": Array.from({ length: 10 }, (_, i) => i),
  "a hundred arguments": Array.from({ length: 100 }, (_, i) => ({ i })),
  "a long string": ["ü".repeat(50_000)],
  "a long list": [Array.from({ length: 20_000 }, (_, i) => i)],
};

const EVENT_NAMES = [
  "",
  "two words",
  "日本語 🦊",
  '"quoted"\\',
  "a,b",
  "[0]",
  "1",
  "separated\u001eby",
  "__proto__",
  "constructor",
  "error",
  "long ".repeat(200),
];

stage("Events", {}, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    for (const [what, args] of Object.entries(ARGUMENTS)) {
      play(`${transport}: ${what} there and back`, async (scene) => {
        const client = await scene.connect(transport);
        client.send("echo", ...args);
        deepStrictEqual(await client.next("echo"), args);
        deepStrictEqual(await client.ask("echo", ...args), args);
      });
    }

    play(`${transport}: every event name from the server`, async (scene) => {
      const client = await scene.connect(transport);
      for (const name of EVENT_NAMES) {
        await client.ask("emit", {}, name, name);
        deepStrictEqual(await client.next(name), [name]);
      }
    });

    play(`${transport}: every event name to a catch-all listener`, async (scene) => {
      const client = await scene.connect(transport, { namespace: "/mirror" });
      for (const name of EVENT_NAMES) {
        client.send(name, 1, { name });
        deepStrictEqual(await client.next(name), [1, { name }]);
      }
    }, { needs: ["anyName"] });

    play(`${transport}: an event that nobody listens to`, async (scene) => {
      const client = await scene.connect(transport);
      client.send("nobody listens", 1, Buffer.from([2]));
      deepStrictEqual(await client.ask("echo", "still there"), ["still there"]);
    });

    play(`${transport}: a handler that fails harms no socket`, async (scene) => {
      const [client, other] = [await scene.connect(transport), await scene.connect(transport)];
      client.send("fail");
      deepStrictEqual(await client.ask("echo", "still there"), ["still there"]);
      deepStrictEqual(await other.ask("echo", "me too"), ["me too"]);
    });
  }
});
