// That the comparison notices what it is there for: rules let pass what they are about, and nothing beside it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Departures } from "../lib/departures.mjs";
import { readingUnder } from "../lib/rules.mjs";
import { Identifiers, differences, render } from "../lib/transcript.mjs";
import { OPCODE } from "../lib/ws.mjs";

const DATE = ["Date", new Date().toUTCString()];
const LENGTH = "length instead of chunks";
const JSON_RULE = "JSON as it came";

function response(headers, body = "", method = "GET") {
  return { kind: "response", method, version: "HTTP/1.1", status: 400, reason: "Bad Request", headers, body: Buffer.from(body) };
}

function frame(payload) {
  return { kind: "frame", fin: true, rsv: 0, opcode: OPCODE.text, masked: false, payload: Buffer.from(payload) };
}

/** Whether the two events count as the same, and whether the rule was needed for that. */
function compare(rule, reference, subject) {
  const used = new Set();
  const [a, b] = [reference, subject].map((event, side) => {
    return render(readingUnder([rule], side === 0, used)(event), new Identifiers());
  });
  return { same: differences(a, b).every((line) => line.startsWith("  ")), used: used.has(rule) };
}

const CHUNKED = ["Transfer-Encoding", "chunked"];

test("chunks are as good as the body's length", () => {
  const { same, used } = compare(LENGTH, response([DATE, CHUNKED], "hello"), response([DATE, ["Content-Length", "5"]], "hello"));
  assert.ok(same && used);
});
test("the end of the connection is as good as the body's length", () => {
  assert.ok(compare(LENGTH, response([DATE], "hello"), response([DATE, ["Content-Length", "5"]], "hello")).same);
});
for (const [what, headers, body] of [
  ["another length", [["Content-Length", "6"]], "hello"],
  ["another body", [["Content-Length", "5"]], "hullo"],
  ["chunks", [CHUNKED], "hello"],
  ["no length", [], "hello"],
  ["both", [["Content-Length", "5"], CHUNKED], "hello"],
  ["a name in other letters", [["content-length", "5"]], "hello"],
  ["another header beside it", [["Content-Length", "5"], ["X", "y"]], "hello"],
]) {
  test(`${what} instead of chunks is a difference`, () => {
    assert.ok(!compare(LENGTH, response([DATE, CHUNKED], "hello"), response([DATE, ...headers], body)).same);
  });
}
test("an answer without a date keeps its framing", () => {
  const close = ["Connection", "close"];
  assert.ok(!compare(LENGTH, response([close]), response([close, ["Content-Length", "0"]])).same);
});
test("an answer to HEAD has some length", () => {
  assert.ok(compare(LENGTH, response([DATE], "", "HEAD"), response([DATE, ["Content-Length", "41"]], "", "HEAD")).same);
  assert.ok(!compare(LENGTH, response([DATE], "", "HEAD"), response([DATE], "", "HEAD")).same);
});

test("arguments may be written otherwise", () => {
  for (const [reference, subject] of [
    ['42["message-back",1]', '42["message-back",1.0]'],
    ['42/custom,["auth",{"a":2}]', '42/custom,["auth",{ "a":1,"a":2 }]'],
    ['4317["\u00e9"]', '4317["\\u00e9"]'],
    ['451-7["x",{"_placeholder":true,"num":0},null]', '451-7["x",{"_placeholder":true,"num":0},1e400]'],
  ]) {
    const { same, used } = compare(JSON_RULE, frame(reference), frame(subject));
    assert.ok(same && used, subject);
  }
});
test("other arguments, heads or types are a difference", () => {
  for (const [reference, subject] of [
    ['42["message-back",1]', '42["message-back",2]'],
    ['42["message-back",1]', '42["message-back","1"]'],
    ['42["message-back",1]', '421["message-back",1]'],
    ['42["message-back",1]', '42/custom,["message-back",1]'],
    ['42["message-back",{"a":1,"b":2}]', '42["message-back",{"b":2,"a":1}]'],
    ['40{"sid":1}', '40{"sid":1.0}'],
    ['4[1]', '4[1.0]'],
  ]) {
    assert.ok(!compare(JSON_RULE, frame(reference), frame(subject)).same, subject);
  }
});

test("departures are judged by their lines", () => {
  const list = [{ reason: "Why", cases: ["a"], difference: ["- x", "+ y"] }, { reason: "Why", rule: LENGTH }];
  const departures = new Departures(list, new Set(["Why"]));
  const judge = (name, script) => departures.judge({ name, script, broken: false });
  assert.equal(judge("a", ["  same", "- x", "+ y"]), undefined);
  assert.match(judge("a", ["- x", "+ z"]), /otherwise than listed/);
  assert.match(judge("a", ["  same"]), /does not show up/);
  assert.match(judge("b", ["- x"]), /differ/);
  assert.equal(judge("b", ["  same"]), undefined);
  const outcome = (name, ...used) => ({ name, used: new Set(used) });
  assert.deepEqual(departures.problems([outcome("a", LENGTH)]), []);
  assert.equal(departures.problems([outcome("a")]).length, 1);
  assert.equal(departures.problems([outcome("b", LENGTH)]).length, 1);
  assert.equal(new Departures(list, new Set()).problems(undefined).length, 2);
});
