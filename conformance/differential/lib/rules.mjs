// Departures that concern every case in which something occurs, as rules: how an answer of the reference and one of the
// subject are read, so that they are the same if they differ in that one respect, and still different in any other.
//
// A rule is a function of an event and of whether it is the reference's, and returns the event as it is to be compared:
// the same object where the rule has nothing to say. departures.json names the rules that apply.

import { header } from "./http.mjs";
import { OPCODE } from "./ws.mjs";

export const RULES = {
  "length instead of chunks": lengthInsteadOfChunks,
  "JSON as it came": jsonAsItCame,
};

/**
 * Every answer that the reference frames by chunks or by the end of the connection has the length of its body instead.
 * Of an answer to HEAD, which has no body, a length is expected but not which one.
 */
function lengthInsteadOfChunks(event, isReference) {
  if (event.kind !== "response" || !hasLength(event)) return event;
  const length = header(event, "content-length");
  if (event.method === "HEAD") {
    const expected = isReference ? length === undefined : /^\d+$/.test(length ?? "");
    return expected ? withLength(event, "<of the body>") : event;
  }
  return isReference && length === undefined ? withLength(event, String(event.body.length)) : event;
}

/** Not so an interim answer, or one without a body, or the fixed text that answers what is not HTTP, which has no date. */
function hasLength(response) {
  const { status } = response;
  return status >= 200 && status !== 204 && status !== 304 && header(response, "date") !== undefined;
}

function withLength(response, length) {
  const framing = ["transfer-encoding", "content-length"];
  const headers = response.headers.filter(([name]) => !framing.includes(name.toLowerCase()));
  return { ...response, headers: [...headers, ["Content-Length", length]] };
}

const EVENT = /^(4[2356](?:\d+-)?(?:\/[^,]*,)?\d*)(\[[^]*\])$/;

/** The arguments of an event or acknowledgement are the same JSON, though not written in the same way. */
function jsonAsItCame(event) {
  if (event.kind !== "frame" || event.opcode !== OPCODE.text) return event;
  const text = event.payload.toString("utf8");
  const [, head, json] = EVENT.exec(text) ?? [];
  if (json === undefined) return event;
  const rewritten = head + JSON.stringify(JSON.parse(json));
  return rewritten === text ? event : { ...event, payload: Buffer.from(rewritten) };
}

/** The reading of events under some rules; each rule that makes a difference is put into `used`. */
export function readingUnder(names, isReference, used) {
  return (event) => {
    let read = event;
    for (const name of names) {
      const next = RULES[name](read, isReference);
      if (next !== read) used.add(name);
      read = next;
    }
    return read;
  };
}
