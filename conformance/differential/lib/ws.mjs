// WebSocket frames (RFC 6455, section 5) as bytes, valid or not.

import { inflateRawSync, deflateRawSync, constants } from "node:zlib";
import { header } from "./http.mjs";

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** The key that handshakes send unless a case says otherwise, so that Sec-WebSocket-Accept is always the same. */
export const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/**
 * One frame. `rsv` are the three reserved bits as a number (4 is RSV1); `declared` replaces the true length; `width`
 * forces the 16 or 64 bit form of the length; `mask: false` leaves the mask out.
 */
export function frame(opcode, payload = "", { fin = true, rsv = 0, mask = true, declared, width } = {}) {
  const data = Buffer.from(payload);
  const length = declared ?? data.length;
  const form = width ?? (length < 126 ? 7 : length < 65536 ? 16 : 64);
  const head = Buffer.alloc(form === 7 ? 2 : form === 16 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (mask ? 0x80 : 0) | (form === 7 ? Number(length) : form === 16 ? 126 : 127);
  if (form === 16) head.writeUInt16BE(Number(length), 2);
  if (form === 64) head.writeBigUInt64BE(BigInt(length), 2);
  if (!mask) return Buffer.concat([head, data]);
  return Buffer.concat([head, MASK, data.map((byte, i) => byte ^ MASK[i % 4])]);
}

export const text = (payload, options) => frame(OPCODE.text, payload, options);
export const binary = (payload, options) => frame(OPCODE.binary, payload, options);

/** A close frame; without a code its payload is empty. */
export function close(code, reason = "") {
  if (code === undefined) return frame(OPCODE.close);
  const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(reason)]);
  payload.writeUInt16BE(code, 0);
  return frame(OPCODE.close, payload);
}

/** A text frame compressed as permessage-deflate asks for. */
export function compressedText(payload) {
  const deflated = deflateRawSync(Buffer.from(payload), { finishFlush: constants.Z_SYNC_FLUSH });
  return text(deflated.subarray(0, deflated.length - 4), { rsv: 4 });
}

/** Reads the frames that a server sends. */
export class FrameParser {
  #bytes = Buffer.alloc(0);
  #window = Buffer.alloc(0);
  #deflate;

  constructor(handshake) {
    this.#deflate = /permessage-deflate/.test(header(handshake, "sec-websocket-extensions") ?? "");
  }

  push(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const events = [];
    for (let event = this.#next(); event; event = this.#next()) events.push(event);
    return events;
  }

  end() {
    return this.#bytes.length > 0 ? [{ kind: "bytes", bytes: this.takeRest() }] : [];
  }

  takeRest() {
    const rest = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    return rest;
  }

  get partial() {
    return this.#bytes.toString("latin1");
  }

  #next() {
    const bytes = this.#bytes;
    // Some refusals are written as HTTP after the 101; they end with the connection and are taken as bytes then.
    if (bytes.length < 2 || bytes.subarray(0, 5).toString("latin1") === "HTTP/") return undefined;
    const masked = (bytes[1] & 0x80) !== 0;
    let length = bytes[1] & 0x7f;
    let start = 2;
    if (length === 126) {
      if (bytes.length < 4) return undefined;
      length = bytes.readUInt16BE(2);
      start = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return undefined;
      length = Number(bytes.readBigUInt64BE(2));
      start = 10;
    }
    if (masked) start += 4;
    if (bytes.length < start + length) return undefined;
    const event = {
      kind: "frame",
      fin: (bytes[0] & 0x80) !== 0,
      rsv: (bytes[0] >> 4) & 7,
      opcode: bytes[0] & 0x0f,
      masked,
      payload: bytes.subarray(start, start + length),
    };
    this.#bytes = bytes.subarray(start + length);
    if (this.#deflate && event.rsv === 4) this.#inflate(event);
    return event;
  }

  #inflate(event) {
    const tail = Buffer.from([0, 0, 0xff, 0xff]);
    const dictionary = this.#window.length > 0 ? this.#window : undefined;
    event.payload = inflateRawSync(Buffer.concat([event.payload, tail]), {
      finishFlush: constants.Z_SYNC_FLUSH,
      dictionary,
    });
    this.#window = Buffer.concat([this.#window, event.payload]).subarray(-32768);
  }
}
