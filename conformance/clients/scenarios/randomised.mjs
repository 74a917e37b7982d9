// Programs of random steps. A seed makes the same program again; it is part of the scenario's name.

import { scenario } from "./scenario.mjs";

const FIXED = [1, 2, 3, 4, 5, 6, 7, 8];
const FRESH = 4;
const STEPS = 40;
const NAMES = ["a", "b", "c", "d"];
const ROOMS = ["r1", "r2", "r3"];

export function declareRandomised(seed) {
  const fresh = () => Math.floor(Math.random() * 2 ** 31);
  const seeds = seed === undefined ? [...FIXED, ...Array.from({ length: FRESH }, fresh)] : [Number(seed)];
  for (const each of seeds) scenario(`randomised, seed ${each}`, (s) => wander(s, generator(each)));
}

async function wander(s, random) {
  const clients = await s.joinAll(...NAMES);
  for (const client of clients) client.answers("question", (ack, ...args) => ack(client.name, ...args));
  for (let i = 0; i < STEPS; i++) {
    const client = random.pick(clients);
    if (client.socket.connected) await step(client, clients, random);
  }
  for (const client of clients) if (client.socket.connected) await client.rooms();
}

async function step(client, clients, random) {
  const named = clients.map(({ socket }) => socket.id);
  switch (random.below(12)) {
    case 0: return client.ask("join", random.some(ROOMS));
    case 1: return client.ask("leave", random.pick(ROOMS));
    case 2: return client.ask("emit", target(random), `event ${random.below(3)}`, ...values(random));
    case 3: return client.ask("burst", target(random), random.below(5), value(random, 0));
    case 4: return client.ask("echo", ...values(random));
    case 5: return client.ask("ask", 5000, "question", ...values(random));
    case 6: return client.query(([how, all]) => [how, [...all].sort()], "ask all", 5000, broadcast(random), "question");
    case 7: return client.rooms();
    case 8: return client.fetch(broadcast(random), named);
    case 9: return client.ask("move", broadcast(random), random.some(ROOMS), random.some(ROOMS));
    case 10: return client.ask("set data", random.pick(["x", "y"]), value(random, 1) ?? 0);
    default:
      if (random.below(8) > 0) return client.ask("data");
      client.send("kick", {}, false);
      return client.lost();
  }
}

function broadcast(random) {
  return { from: random.pick(["all", "others"]), to: random.some(ROOMS), except: random.below(3) === 0 ? random.some(ROOMS) : [] };
}

function target(random) {
  return random.below(4) === 0 ? { from: "self" } : broadcast(random);
}

const values = (random) => Array.from({ length: random.below(4) }, () => value(random, 0));

function value(random, depth) {
  switch (random.below(depth > 2 ? 6 : 8)) {
    case 0: return random.below(1000) - 500;
    case 1: return random.below(1000) / 8;
    case 2: return random.pick(["", "text", "\u00e9\u20ac\ud83d\ude00", "x".repeat(200), "\u2028\"\\"]);
    case 3: return random.pick([true, false]);
    case 4: return null;
    case 5: return Buffer.alloc(random.below(20), random.below(256));
    case 6: return Array.from({ length: random.below(4) }, () => value(random, depth + 1));
    default: return Object.fromEntries(Array.from({ length: random.below(4) }, (_, i) => [`k${i}`, value(random, depth + 1)]));
  }
}

/** mulberry32. */
function generator(seed) {
  let state = seed;
  const below = (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
  return { below, pick: (list) => list[below(list.length)], some: (list) => list.filter(() => below(2) === 0) };
}
