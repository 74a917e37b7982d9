// HTTP/1.1 as bytes: the text of a request, and a parser of responses that keeps every header as it was written.

/**
 * The text of a request, header by header as given: nothing is added but what `defaults` says.
 *
 * `headers` is a list of [name, value] pairs or an object. A body of bytes makes the whole a Buffer.
 */
export function request(method, target, { version = "HTTP/1.1", headers = {}, host = "test", body, length = true } = {}) {
  const pairs = Array.isArray(headers) ? [...headers] : Object.entries(headers);
  if (host !== undefined && host !== null) pairs.unshift(["Host", host]);
  const payload = body === undefined ? Buffer.alloc(0) : Buffer.from(body);
  if (body !== undefined && length) pairs.push(["Content-Length", String(payload.length)]);
  const head = `${method} ${target} ${version}\r\n${pairs.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), payload]);
}

/** A body in chunked coding, one chunk per part. */
export function chunked(...parts) {
  const chunks = parts.map((part) => {
    const bytes = Buffer.from(part);
    return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
  });
  return Buffer.concat([...chunks, Buffer.from("0\r\n\r\n")]);
}

const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * Reads responses from a stream of bytes; `methods` holds the methods of the requests awaiting one. A response is
 * {kind: "response", method (of its request), version, status, reason, headers (pairs as written), body}.
 */
export class ResponseParser {
  #methods;
  #bytes = Buffer.alloc(0);
  #stopped = false;

  constructor(methods) {
    this.#methods = methods;
  }

  push(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const events = [];
    for (let event = this.#next(false); event; event = this.#next(false)) events.push(event);
    return events;
  }

  /** Tells the parser that nothing follows. What a response without a length has so far is its body. */
  end() {
    const events = [];
    for (let event = this.#next(true); event; event = this.#next(true)) events.push(event);
    if (this.#bytes.length > 0) events.push({ kind: "bytes", bytes: this.takeRest() });
    return events;
  }

  takeRest() {
    const rest = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    return rest;
  }

  get partial() {
    return this.#bytes.toString("latin1");
  }

  #next(ended) {
    if (this.#stopped || this.#bytes.length === 0) return undefined;
    const end = this.#bytes.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const response = parseHead(this.#bytes.subarray(0, end).toString("latin1"));
    if (response === undefined) return undefined;
    const body = this.#bytes.subarray(end + HEAD_END.length);
    response.method = this.#methods[0];
    const taken = takeBody(response, body, ended);
    if (taken === undefined) return undefined;
    this.#bytes = body.subarray(taken);
    if (response.status === 101) this.#stopped = true;
    if (response.status >= 200 || response.status === 101) this.#methods.shift();
    return response;
  }
}

function parseHead(text) {
  const [first, ...lines] = text.split("\r\n");
  const match = /^(HTTP\/\d\.\d) (\d{3}) ?(.*)$/.exec(first);
  if (!match) return undefined;
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
  });
  return { kind: "response", version: match[1], status: Number(match[2]), reason: match[3], headers };
}

/** The value of a header of a parsed response, whatever the case of its name, or undefined. */
export function header(response, name) {
  return response.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Sets the response's body, and returns how many bytes it took; undefined if it is not complete. */
function takeBody(response, bytes, ended) {
  response.body = Buffer.alloc(0);
  const { status, method } = response;
  if (status < 200 || status === 204 || status === 304 || method === "HEAD") return 0;
  if (/chunked/i.test(header(response, "transfer-encoding") ?? "")) return takeChunks(response, bytes);
  const length = header(response, "content-length");
  if (length !== undefined) {
    if (bytes.length < Number(length)) return undefined;
    response.body = bytes.subarray(0, Number(length));
    return Number(length);
  }
  if (!ended) return undefined;
  response.body = bytes;
  return bytes.length;
}

function takeChunks(response, bytes) {
  const parts = [];
  for (let position = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", position);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(position, lineEnd).toString("latin1"), 16);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return undefined;
    parts.push(bytes.subarray(start, start + size));
    position = start + size + 2;
    if (size === 0) {
      response.body = Buffer.concat(parts);
      return position;
    }
  }
}
