// Clients that drop at a node of one kind and come back at one of the other, and a cluster that is ended and started again.
//   node mixed-recovery.mjs
import assert from "node:assert/strict";
import { freePort, node, redisServer, seeded, sleep } from "./lib/cluster.mjs";
import { Subscriber } from "./lib/subscriber.mjs";

const redis = await redisServer();
const ports = [await freePort(), await freePort(), await freePort()];
const nodes = ["sockeye", "node", "sockeye"].map((kind, i) => node(kind, ports[i], redis.url));
const urls = ports.map((port) => `ws://127.0.0.1:${port}`);
const random = seeded(1);
const subscribers = [];
let number = 0;

async function until(condition, what) {
  const end = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await sleep(20);
  }
}

async function connected(first, among = urls) {
  const subscriber = new Subscriber(among, first, random);
  subscribers.push(subscriber);
  subscriber.connect();
  await until(() => subscriber.connected, "the connection");
  return subscriber;
}

/** Emits over a node, to a room or to everybody. */
async function emit(by, room = "") {
  await publishers[by].emit("emit", room, ++number);
  return number;
}

async function sees(subscriber, numbers) {
  await until(() => subscriber.seen.length >= numbers.length, `${numbers} by a client that has seen ${subscriber.seen}`);
  await sleep(100); // nothing more comes
  assert.deepEqual(subscriber.seen, numbers);
  subscriber.seen.length = 0;
}

/** Drops, misses something, comes back at another node. */
async function moves(from, to) {
  const client = await connected(from);
  await client.emit("join", "room");
  await sees(client, [await emit(from), await emit(to, "room")]);
  const back = client.recovered + 1;
  client.away(to, 400);
  await sleep(200);
  const missed = [await emit(0), await emit(1, "room"), await emit(2)];
  await emit(1, "another room");
  await until(() => client.recovered === back, "the recovery");
  await sees(client, missed);
  await sees(client, [await emit(1), await emit(0, "room")]);
  assert.equal(client.notRecovered, 0);
  console.log(`ok: from ${from} to ${to}`);
}

const publishers = [];
try {
  await Promise.all(nodes.map((each) => each.start()));
  for (const url of urls) {
    const publisher = new Subscriber([url], 0, random);
    publishers.push(publisher);
    publisher.connect();
  }
  await until(() => publishers.every((each) => each.connected), "the publishers");
  await sleep(1_000); // Node.js servers do not say when they have begun to read
  await moves(0, 2);
  await moves(0, 1);
  await moves(1, 0);

  // A client that has received no event yet, whose node is killed.
  const silent = await connected(0, [urls[0], urls[2]]); // a Node.js server would not take it back
  await sleep(200);
  await nodes[0].end("SIGKILL");
  const missed = await emit(2);
  await until(() => silent.connected && silent.recovered + silent.notRecovered > 0, "the return of a client that has seen nothing");
  assert.equal(silent.recovered, 1);
  await sees(silent, [missed]);
  console.log("ok: nothing seen, node killed");
  await nodes[0].start();
  await until(() => publishers[0].connected, "the publisher of a node that was started again");

  // All nodes of Sockeye end and start again.
  const patient = await connected(0, [urls[0], urls[2]]);
  await sees(patient, [await emit(0)]);
  await Promise.all([nodes[0].end("SIGTERM"), nodes[2].end("SIGTERM"), nodes[1].end("SIGKILL")]);
  await Promise.all([nodes[0].start(), nodes[2].start()]);
  await until(() => patient.connected && patient.recovered + patient.notRecovered > 0, "the return after the cluster");
  assert.equal(patient.recovered, 1);
  await until(() => publishers[2].connected, "the publisher");
  await sees(patient, [await emit(2)]);
  console.log("ok: the whole cluster was started again");
} finally {
  [...subscribers, ...publishers].forEach((each) => each.end());
  await Promise.all(nodes.map((each) => each.end()));
  await redis.close();
}
