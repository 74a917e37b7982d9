// The transcript of one case on one server: what came back, line by line, without what differs from run to run.

import { createHash } from "node:crypto";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { header } from "./http.mjs";
import { OPCODE } from "./ws.mjs";

const OPCODE_NAMES = Object.fromEntries(Object.entries(OPCODE).map(([name, code]) => [code, name]));
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
// {type: 0, data: {sid: …, and 20 characters with two bits of what comes behind them.
const MSGPACK_CONNECT_IN_BASE64 = /\b(bg6R0eXBlAKRkYXRhgqNzaWS0)([A-Za-z0-9+/]{27})/g;
const LONGEST_SHOWN = 1200;
const DECODERS = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };

/** Gives each identifier a number in order of appearance, so that "the same again" and "another" stay visible. */
export class Identifiers {
  #numbers = new Map();

  replace(text) {
    return text
      .replace(/(\\?"(?:sid|pid)\\?":\\?")([A-Za-z0-9_-]{20})(\\?")/g, (_, before, id, after) => before + this.#name(id) + after)
      .replace(/\bio=([A-Za-z0-9_-]{20});/g, (_, id) => `io=${this.#name(id)};`)
      .replace(/#([A-Za-z0-9_-]{20})"/g, (_, id) => `#${this.#name(id)}"`)
      .replace(MSGPACK_CONNECT_IN_BASE64, (_, before, id) => before + this.#name(id));
  }

  /** The same for the identifier that a CONNECT in MessagePack names, given and returned in hexadecimal digits. */
  replaceInHex(hex) {
    return hex.replace(/(a3736964b4)((?:[0-9a-f]{2}){20})/g, (_, before, id) => `${before}${this.#name(id)}`);
  }

  #name(id) {
    if (!this.#numbers.has(id)) this.#numbers.set(id, this.#numbers.size + 1);
    return `<id ${this.#numbers.get(id)}>`;
  }
}

/** The lines of one event of a connection. */
export function render(event, identifiers) {
  if (event.kind === "response") return renderResponse(event, identifiers);
  if (event.kind === "frame") return [renderFrame(event, identifiers)];
  return [`bytes ${show(event.bytes, identifiers)}`];
}

function renderResponse(response, identifiers) {
  const lines = [`${response.version} ${response.status} ${response.reason}`.trimEnd()];
  const encoding = header(response, "content-encoding");
  const headers = response.headers.map(([name, value]) => `| ${name}: ${headerValue(name, value, encoding, identifiers)}`);
  lines.push(...headers.sort(byNameIgnoringCase));
  if (response.body.length > 0) lines.push(`body ${showBody(response.body, encoding, identifiers)}`);
  return lines;
}

function byNameIgnoringCase(a, b) {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}

function headerValue(name, value, encoding, identifiers) {
  const key = name.toLowerCase();
  if (key === "date" && DATE.test(value) && Math.abs(Date.parse(value) - Date.now()) < 60_000) return "<now>";
  // Two implementations of one compression need not agree about the size.
  if (key === "content-length" && encoding !== undefined) return "<size>";
  return identifiers.replace(value);
}

function showBody(body, encoding, identifiers) {
  if (encoding === undefined) return show(body, identifiers);
  try {
    return `(${encoding}) ${show(DECODERS[encoding](body), identifiers)}`;
  } catch (error) {
    return `(${encoding}, broken: ${error.code}) ${show(body, identifiers)}`;
  }
}

function renderFrame(frame, identifiers) {
  const flags = [frame.fin ? "" : " fin=0", frame.rsv === 0 ? "" : ` rsv=${frame.rsv}`, frame.masked ? " masked" : ""];
  const name = OPCODE_NAMES[frame.opcode] ?? `opcode ${frame.opcode}`;
  return `frame ${name}${flags.join("")} ${showPayload(frame, identifiers)}`.trimEnd();
}

function showPayload({ opcode, payload }, identifiers) {
  if (opcode === OPCODE.binary) return identifiers.replaceInHex(showBinary(payload));
  if (opcode !== OPCODE.close) return show(payload, identifiers);
  if (payload.length < 2) return payload.length === 0 ? "without code" : showBinary(payload);
  return `${payload.readUInt16BE(0)} ${show(payload.subarray(2), identifiers)}`;
}

/** Text in quotes if the bytes are UTF-8, otherwise hexadecimal; long ones by their beginning, size and hash. */
export function show(bytes, identifiers) {
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes)) return showBinary(bytes);
  const shown = quote(identifiers.replace(text));
  if (shown.length <= LONGEST_SHOWN) return shown;
  return `${shown.slice(0, 200)}… <${bytes.length} bytes, sha256 ${hash(identifiers.replace(text))}>`;
}

function showBinary(bytes) {
  const hex = bytes.toString("hex");
  if (hex.length <= LONGEST_SHOWN) return `hex ${hex}`.trimEnd();
  return `hex ${hex.slice(0, 200)}… <${bytes.length} bytes, sha256 ${hash(bytes)}>`;
}

/** Text between apostrophes, with a backslash before backslashes and in place of what cannot be seen. */
function quote(text) {
  const shown = text.replace(/[\\\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202f\ufeff]/g, (character) => {
    if (character === "\\") return "\\\\";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `'${shown}'`;
}

function hash(data) {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}

/** Both transcripts in one: "- " before lines of the reference alone, "+ " before those of the subject, else two spaces. */
export function differences(reference, subject) {
  const lengths = Array.from({ length: reference.length + 1 }, () => new Uint16Array(subject.length + 1));
  for (let i = reference.length - 1; i >= 0; i--) {
    for (let j = subject.length - 1; j >= 0; j--) {
      const same = reference[i] === subject[j];
      lengths[i][j] = same ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const script = [];
  let [i, j] = [0, 0];
  while (i < reference.length || j < subject.length) {
    if (i < reference.length && j < subject.length && reference[i] === subject[j]) {
      script.push(`  ${reference[i++]}`);
      j++;
    } else if (j >= subject.length || (i < reference.length && lengths[i + 1][j] >= lengths[i][j + 1])) {
      script.push(`- ${reference[i++]}`);
    } else {
      script.push(`+ ${subject[j++]}`);
    }
  }
  return script;
}

/** The lines of a difference alone, as `departures.json` lists them. */
export function changed(script) {
  return script.filter((line) => !line.startsWith("  "));
}

const CONTEXT = 4;

/** A difference for reading: the lines that differ with a few around them. */
export function excerpt(script) {
  const isNear = (_, i) => script.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some((line) => !line.startsWith("  "));
  const near = script.map(isNear);
  return script.flatMap((line, i) => (near[i] ? [line] : near[i - 1] ? ["  …"] : []));
}
