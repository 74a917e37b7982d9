// JSON in events: what is accepted, and how it comes back. Every text is the argument of a "message".

import { Family } from "../lib/cases.mjs";
import { text } from "../lib/ws.mjs";

const family = new Family("json");
export default family;

function echo(name, json, options) {
  family.add(name, async (t) => {
    const c = await t.joined();
    const bytes = Buffer.isBuffer(json) ? json : Buffer.from(json);
    c.send(text(Buffer.concat([Buffer.from('42["message",'), bytes, Buffer.from("]")])));
    await t.answer(c);
    await t.settle();
    if (c.state !== "open") return;
    c.send(text('42["message","after"]'));
    await t.settle();
  }, options);
}

function echoAll(group, list) {
  for (const json of list) {
    const shown = json.length > 60 ? `${json.slice(0, 50)}… (${json.length})` : json;
    echo(`${group} ${JSON.stringify(shown).slice(1, -1)}`, json);
  }
}

// The same text is expected back.
echoAll("plain", [
  "0", "1", "-1", "1.5", "-0.25", "9007199254740991", "-9007199254740991", "123456789012345", "0.1", "1e+21", "1e-7", "5e-324",
  "1.7976931348623157e+308", "true", "false", "null", '""', '"a"', '"é€😀"', '"\\"\\\\"', '"\\b\\f\\n\\r\\t"', '"\\u0000\\u001f"',
  '"/"', '"<>&\'"', '"\u007f\u0080\u00ff"', '"\u2028\u2029"', '"\ufeff\ufffe\uffff"', '"\\ud800"', '"\\udc00x"', '"\\ud83d"',
  "[]", "{}", "[[]]", "[{}]", '{"a":[]}', '{"a":{"b":{"c":[1,2,3]}}}', '{"":1}', '{"é":1}', '{"a b":1}', '{"toJSON":1}',
  '{"constructor":1,"hasOwnProperty":2}', '{"length":3}', "[null,null]", '"null"', '{"_placeholder":false}', '[1,"2",[3,{"4":5}]]',
]);

// Valid, but written otherwise than the reference writes it.
echoAll("number", [
  "-0", "0.0", "1.0", "100e-2", "1E3", "1e3", "1e+3", "1e03", "1.50", "0e0", "-0.0", "1e21", "123456789012345678901234567890",
  "9007199254740993", "-9007199254740993", "12345678901234567890", "0.1000000000000000055511151231257827", "1e-400", "1e400",
  "-1e400", "1e308", "1.7976931348623159e308", "2e-324", "4.9406564584124654e-324", "0.000001", "0.0000001", "123e18", "123e19",
  "3.141592653589793238462643383279", "18446744073709551616", `1${"0".repeat(300)}`, `1${"0".repeat(400)}`, `0.${"0".repeat(400)}1`,
]);
echoAll("string", [
  '"\\u0041"', '"\\/"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\uD83D\\uDE00"', '"\\u2028"', '"\\u007f"', '"\\u000a"', '"\\u0008"',
  '"\\ud800\\ud800"', '"\\udc00\\ud800"', '"\\uDBFF\\uDFFF"', '"\\u0022"', '"\\u005c"', '"\\uFFFE"', '"\\uFEFF"', '"\\u001F"',
]);
echoAll("space", [
  " 1", "1 ", "\t1", "\n1", "\r1", " [ 1 , 2 ] ", '{ "a" : 1 }', "[\n]", "{\r\n}", " null ", "[1,\t2]",
]);
echoAll("object", [
  '{"a":1,"a":2}', '{"b":1,"a":2,"1":3,"0":4}', '{"2":1,"10":2,"1":3}', '{"-1":1,"01":2,"1":3}', '{"4294967295":1,"4294967294":2}',
  '{"__proto__":1}', '{"__proto__":{"a":1}}', '{"a":{"__proto__":[]}}', '{"\\u0061":1}', '{"a":1,"\\u0061":2}', '{"a":1,"b":2,"a":3}',
  '{"_placeholder":true,"num":0}', '{"_placeholder":true}',
]);

// Not JSON.
echoAll("invalid", [
  "", ",", "01", "-01", "+1", ".5", "1.", "-", "1e", "1e+", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "nul", "nulll", "True",
  "undefined", "'a'", '"a', 'a"', '"\\x41"', '"\\u12"', '"\\u12g4"', '"\\"', '"\\a"', '"\\u{41}"', '"\u0000"', '"\u001f"', '"a\nb"',
  '"a\tb"', "[1", "[1,", "[,1]", "[1,]", "[1 2]", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,}', "{a:1}", "{'a':1}", '{"a" 1}', '{1:1}',
  '{"a":1 "b":2}', "//x", "1//x", "/*x*/1", "\u00a01", "\ufeff1", "\f1", "\v1", "1;", "1]2", "}", "[}", "{]", "()", "`a`", "1,,2", "#",
]);
echo("invalid: two texts", '1]["message",2');
echo("one argument more", "1,2");

// Depth and size.
for (const depth of [50, 100, 500, 900, 1500, 2000]) {
  echo(`array nested ${depth} deep`, "[".repeat(depth) + "]".repeat(depth));
}
for (const depth of [50, 100, 500, 900, 1500, 2000]) {
  echo(`object nested ${depth} deep`, `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
}
echo("array of 10,000 numbers", `[${Array.from({ length: 10_000 }, (_, i) => i).join(",")}]`);
echo("object of 2,000 keys", `{${Array.from({ length: 2000 }, (_, i) => `"k${i}":${i}`).join(",")}}`);
echo("string of 200,000 characters", `"${"é".repeat(200_000)}"`);
echo("key of 70,000 characters", `{"${"k".repeat(70_000)}":1}`);
echo("number of 2,000 digits", "9".repeat(2000));
echo("not closed, nested 2000 deep", "[".repeat(2000));

// In CONNECT.
for (const auth of ['{"a":1.0,"b":"\\u0041","c":1e400}', '{"z":1,"1":2}', '{"a":1,"a":2}', '{"a":{"b":[{}]}}', '{"a":"\\ud800"}']) {
  family.add(`auth ${auth}`, async (t) => {
    const c = await t.webSocket();
    c.send(text(`40${auth}`));
    await t.answer(c, 2);
    await t.settle();
  });
}
