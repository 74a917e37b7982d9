// Two nodes of Sockeye and one Node.js server over Redis streams, under random operations: broadcasts to everybody, to rooms, except
// rooms; clients that join and leave, lose their connection and come back at any node. A model says what each client has to see.
//   conformance/random-cluster [--minutes 5] [--seconds 0] [--clients 12] [--seed 1]
import assert from "node:assert/strict";
import { flags } from "./lib/flags.mjs";
import { freePort, node, redisServer, seeded, sleep } from "./lib/cluster.mjs";
import { Subscriber } from "./lib/subscriber.mjs";

const KINDS = ["sockeye", "sockeye", "node"];
const ROOMS = ["red", "blue", "5"];

const asked = flags(process.argv.slice(2), { minutes: 5, seconds: 0, clients: 12, seed: 1 });
const length = Number(asked.seconds) > 0 ? Number(asked.seconds) * 1_000 : Number(asked.minutes) * 60_000;
const random = seeded(Number(asked.seed));
const any = (list) => list[Math.floor(random() * list.length)];

const redis = await redisServer();
const ports = [];
while (ports.length < KINDS.length) {
  ports.push(await freePort());
}
const nodes = KINDS.map((kind, i) => node(kind, ports[i], redis.url));
const urls = ports.map((port) => `ws://127.0.0.1:${port}`);
const subjects = [];
const publishers = [];
const publisherOf = [0]; // by number
const counts = { broadcasts: 0, deliveries: 0, joins: 0, leaves: 0, losses: 0 };
let number = 0;

/** A client, the rooms that it is in, and what was emitted for it. */
class Subject {
  client;
  rooms = new Set();
  owed = new Set();
  away = false;

  constructor(client) {
    this.client = client;
  }
}

async function until(condition, what) {
  const end = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < end, `not in time: ${what()}`);
    await sleep(5);
  }
}

async function emit() {
  const by = Math.floor(random() * KINDS.length);
  const room = random() < 0.3 ? "" : any(ROOMS);
  const next = ++number;
  publisherOf.push(by);
  subjects.filter((each) => room === "" || each.rooms.has(room)).forEach((each) => each.owed.add(next));
  counts.broadcasts++;
  await publishers[by].emit("emit", room, next);
}

/** Everybody who has a connection has seen what was for them. */
async function quiet() {
  const behind = () => subjects.filter((each) => !each.away && each.client.seen.length < each.owed.size);
  await until(() => behind().length === 0, () => behind().map((each) => JSON.stringify({
    node: each.client.node,
    connected: each.client.connected,
    missing: [...each.owed].filter((n) => !each.client.seen.includes(n)),
  })).join());
  await sleep(20);
  subjects.filter((each) => !each.away).forEach(check);
}

function check(subject) {
  const { seen } = subject.client;
  const where = `a client at node ${subject.client.node}, in ${[...subject.rooms]}`;
  const last = [0, 0, 0];
  const all = new Set();
  for (const each of seen) {
    assert.ok(subject.owed.has(each), `${each} is not for ${where}`);
    assert.ok(!all.has(each), `${each} has come twice to ${where}`);
    assert.ok(each > last[publisherOf[each]], `${each} has come too late to ${where}`);
    last[publisherOf[each]] = each;
    all.add(each);
  }
  assert.equal(all.size, subject.owed.size, where);
  counts.deliveries += all.size;
  seen.length = 0;
  subject.owed.clear();
}

async function changeRooms() {
  const subject = any(subjects);
  if (subject.away) {
    return;
  }
  await quiet();
  const room = any(ROOMS);
  if (subject.rooms.delete(room)) {
    await subject.client.emit("leave", room);
    counts.leaves++;
  } else {
    subject.rooms.add(room);
    await subject.client.emit("join", room);
    counts.joins++;
  }
  await sleep(30); // until it is written down
}

async function lose() {
  const subject = any(subjects);
  const to = Math.floor(random() * KINDS.length);
  if (subject.away || subject.owed.size + subject.client.seen.length === 0) {
    return; // a Node.js server takes nobody back who has seen nothing
  }
  if (KINDS[subject.client.node] === "node" || KINDS[to] === "node") {
    await quiet(); // what a Node.js server delivers in another order than the stream's cannot be gone on from
    await emitToAll();
    await quiet();
  }
  counts.losses++;
  subject.away = true;
  const returns = subject.client.recovered + 1;
  const toNodeJs = KINDS[to] === "node";
  subject.client.away(to, toNodeJs ? 1_000 : 200 + random() * 1_000);
  const back = until(() => subject.client.recovered + subject.client.notRecovered >= returns && subject.client.connected, () => "a return")
    .then(() => {
      assert.equal(subject.client.notRecovered, 0, `not recovered at node ${to}`);
      subject.away = false;
    })
    .catch((error) => {
      failure = error;
    });
  if (toNodeJs) {
    // It loses what comes between its reading of the stream and the client's entry.
    for (let i = 0; i < 5; i++) {
      await emit();
    }
    await back;
  }
}

/** Something for everybody, so that it has an offset of now. */
async function emitToAll() {
  const next = ++number;
  publisherOf.push(0);
  subjects.forEach((each) => each.owed.add(next));
  counts.broadcasts++;
  await publishers[0].emit("emit", "", next);
}

let failure = null;
try {
  await Promise.all(nodes.map((each) => each.start()));
  urls.forEach((url) => publishers.push(new Subscriber([url], 0, random)));
  for (let i = 0; i < Number(asked.clients); i++) {
    subjects.push(new Subject(new Subscriber(urls, i % KINDS.length, random)));
  }
  [...publishers, ...subjects.map((each) => each.client)].forEach((each) => each.connect());
  await until(
    () => publishers.every((each) => each.connected) && subjects.every((each) => each.client.connected),
    () => "the connections",
  );
  await sleep(1_000); // Node.js servers do not say when they have begun to read
  const end = Date.now() + length;
  while (Date.now() < end && failure === null) {
    const dice = random();
    if (dice < 0.8) {
      await emit();
    } else if (dice < 0.9) {
      await changeRooms();
    } else {
      await lose();
    }
    await sleep(random() * 10);
  }
  await until(() => failure !== null || subjects.every((each) => !each.away), () => "the returns");
  if (failure !== null) {
    throw failure;
  }
  await quiet();
  console.log(`seed ${asked.seed}: ${JSON.stringify(counts)}, ${
    subjects.reduce((all, each) => all + each.client.recovered, 0)} recovered`);
} finally {
  [...subjects.map((each) => each.client), ...publishers].forEach((each) => each.end());
  await Promise.all(nodes.map((each) => each.end()));
  await redis.close();
}
