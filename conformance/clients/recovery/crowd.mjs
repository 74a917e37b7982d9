// Subscribers of one room, whose lines go down and up at random, and what each of them receives of a stream of broadcasts.

import { setTimeout as sleep } from "node:timers/promises";
import { io } from "socket.io-client";
import { TRANSPORTS } from "../lib/client.mjs";
import { Line } from "../lib/line.mjs";

const ROOM = "subscribers";
const SETTLE_MILLIS = 30_000;

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Subscriber {
  recovered = 0;
  restarted = 0;
  received = [];
  #line;
  #socket;
  #timer;

  static async start(port, { transport, loss }) {
    const subscriber = new Subscriber();
    subscriber.#line = await Line.open(port, loss);
    const socket = io(subscriber.#line.url, {
      ...TRANSPORTS[transport],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 150,
      timeout: 1000,
    });
    subscriber.#socket = socket;
    socket.on("tick", (n) => subscriber.received.push(n));
    await new Promise((resolve) => {
      let joined = false;
      socket.on("connect", async () => {
        if (joined && socket.recovered) {
          subscriber.recovered++;
          return;
        }
        if (joined) subscriber.restarted++;
        // At first, or as an application does whose rooms are gone. A connection that is lost meanwhile comes here again.
        joined = (await socket.emitWithAck("join", ROOM).then(() => true, () => false)) || joined;
        if (joined) resolve();
      });
    });
    return subscriber;
  }

  /** From now on the line is down and up for that long on average. */
  flap({ downMillis, upMillis }, random) {
    const about = (millis) => millis * (0.5 + random());
    const goDown = () => {
      this.#line.down();
      this.#timer = setTimeout(goUp, about(downMillis));
    };
    const goUp = () => {
      this.#line.up();
      this.#timer = setTimeout(goDown, about(upMillis));
    };
    this.#timer = setTimeout(goDown, upMillis * random());
  }

  calm() {
    clearTimeout(this.#timer);
    this.#line.up();
  }

  get connected() {
    return this.#socket.connected;
  }

  stop() {
    this.#socket.disconnect();
    this.#line.close();
  }
}

/** What a list of received numbers says: how many different ones, how many twice, how many behind a higher one. */
export function verdict(received) {
  const seen = new Set();
  let duplicates = 0;
  let outOfOrder = 0;
  let highest = -1;
  for (const n of received) {
    if (seen.has(n)) duplicates++;
    else if (n < highest) outOfOrder++;
    seen.add(n);
    highest = Math.max(highest, n);
  }
  return { delivered: seen.size, duplicates, outOfOrder };
}

/**
 * Broadcasts `perSecond` numbers for `seconds` to a room of `subscribers`, while their lines go down and up, and then waits
 * until everything has arrived, or nothing more comes. Resolves with the totals.
 */
export async function play(fixture, { transport, loss, profile, subscribers: count, perSecond, seconds, seed }) {
  const random = randomFrom(seed);
  const subscribers = await Promise.all(
    Array.from({ length: count }, () => Subscriber.start(fixture.port, { transport, loss })),
  );
  const observer = io(fixture.url, { transports: ["websocket"], forceNew: true, reconnectionDelay: 50 });
  await new Promise((resolve) => observer.on("connect", resolve));
  for (const subscriber of subscribers) subscriber.flap(profile, random);
  const kept = { packets: 0, bytes: 0 };
  const total = perSecond * seconds;
  await begin();
  for (let second = 0; second < seconds; second++) {
    await sleep(1000);
    await measure();
  }
  for (const subscriber of subscribers) subscriber.calm();
  await settled(subscribers, total);
  await measure();
  const result = { expected: count * total, delivered: 0, duplicates: 0, outOfOrder: 0, recovered: 0, restarted: 0, kept };
  for (const subscriber of subscribers) {
    const { delivered, duplicates, outOfOrder } = verdict(subscriber.received);
    result.delivered += delivered;
    result.duplicates += duplicates;
    result.outOfOrder += outOfOrder;
    result.recovered += subscriber.recovered;
    result.restarted += subscriber.restarted;
    subscriber.stop();
  }
  observer.disconnect();
  return result;

  /** Starts the broadcasts, once: on a busy machine a connection may be given up, this one too. */
  async function begin() {
    for (let begun = false; !begun; ) {
      begun = await observer.timeout(2000).emitWithAck("stream", ROOM, total, perSecond).then(() => true, () => false);
      if (!begun) begun = (await retried("kept")).packets > 0;
    }
  }

  async function retried(event) {
    for (;;) {
      const answer = await observer.timeout(2000).emitWithAck(event).catch(() => undefined);
      if (answer !== undefined) return answer;
    }
  }

  async function measure() {
    const now = await observer.timeout(500).emitWithAck("kept").catch(() => kept);
    kept.packets = Math.max(kept.packets, now.packets);
    kept.bytes = Math.max(kept.bytes, now.bytes);
  }
}

/** Waits until everybody has everything, or is connected and gets nothing more. */
async function settled(subscribers, total) {
  const end = performance.now() + SETTLE_MILLIS;
  let before = -1;
  let quiet = 0;
  while (performance.now() < end && quiet < 8) {
    await sleep(500);
    const now = subscribers.reduce((sum, { received }) => sum + received.length, 0);
    const all = subscribers.every(({ received, connected }) => connected && new Set(received).size === total);
    quiet = all || (now === before && subscribers.every(({ connected }) => connected)) ? quiet + (all ? 4 : 1) : 0;
    before = now;
  }
}
