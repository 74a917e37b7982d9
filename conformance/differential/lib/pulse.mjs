// The pulse of a server: round trips that prove it has worked off everything that it was sent before.
//
// Both servers read with one thread. A round trip may still overtake what was readable at the same moment, and what that
// has put off until the end of the turn; the one behind it cannot.

import net from "node:net";
import { ResponseParser, request } from "./http.mjs";

const ROUND_TRIPS = 2;
const TIMEOUT_MILLIS = 20_000;
const REQUEST = request("GET", "/pulse");

export class Pulse {
  #address;
  #running = Promise.resolve();
  #next;

  constructor(address) {
    this.#address = address;
  }

  /** Resolves when the server has answered round trips that began after this call, and this process has read them. */
  beat() {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const beat = this.#beat();
      this.#running = beat.catch(() => {});
      return beat;
    });
    return this.#next;
  }

  async #beat() {
    await roundTrips(this.#address);
    // What arrived together with the last answer is read, too.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
}

function roundTrips(address) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address);
    const parser = new ResponseParser(Array(ROUND_TRIPS).fill("GET"));
    let left = ROUND_TRIPS;
    const timer = setTimeout(() => end(new Error("the server does not answer")), TIMEOUT_MILLIS);
    const end = (error) => {
      clearTimeout(timer);
      socket.resetAndDestroy();
      if (error) reject(error);
      else resolve();
    };
    socket.setNoDelay(true);
    socket.on("error", end);
    socket.on("end", () => end(new Error("the server has closed a connection")));
    socket.on("connect", () => socket.write(REQUEST));
    socket.on("data", (bytes) => {
      left -= parser.push(bytes).length;
      if (left === 0) end();
      else socket.write(REQUEST);
    });
  });
}
