// KILL_NODE: a cluster over Redis streams whose nodes are killed one after the other and started again, while numbers are broadcast.
// Counts what arrives at the clients, and fails unless every number does at every one, once and in order.
//   conformance/kill-node [--nodes sockeye,node] [--clients 300] [--rate 100] [--every 20] [--seconds 120] [--seed 1] [--expect all]
import { availableParallelism } from "node:os";
import { flags } from "./lib/flags.mjs";
import { freePort, node, redisServer, seeded, sleep } from "./lib/cluster.mjs";
import { Subscriber, account } from "./lib/subscriber.mjs";

const NODES = 3;

const asked = flags(process.argv.slice(2), {
  nodes: "sockeye",
  clients: 300,
  rate: 100,
  every: 20,
  seconds: 120,
  seed: 1,
  expect: "all",
});
const clients = Number(asked.clients);
const rate = Number(asked.rate);
const every = Number(asked.every) * 1_000;
const length = Number(asked.seconds) * 1_000;

let failed = false;
console.log(`${clients} clients, ${rate} broadcasts a second for ${asked.seconds} s, a node killed every ${asked.every} s, `
  + `seed ${asked.seed}, ${availableParallelism()} processors\n`);
console.log("| nodes | killed | broadcasts | delivered | twice | out of order | recovered | not recovered |");
console.log("|---|---|---|---|---|---|---|---|");
for (const kind of asked.nodes.split(",")) {
  await run(kind);
}
process.exit(failed ? 1 : 0);

async function run(kind) {
  const random = seeded(Number(asked.seed));
  const redis = await redisServer();
  const ports = [];
  while (ports.length < NODES) {
    ports.push(await freePort());
  }
  const nodes = ports.map((port) => node(kind, port, redis.url));
  const urls = ports.map((port) => `ws://127.0.0.1:${port}`);
  const subscribers = [];
  const publishers = [];
  try {
    await Promise.all(nodes.map((each) => each.start()));
    for (let i = 0; i < clients; i++) {
      subscribers.push(new Subscriber(urls, i % NODES, random));
    }
    // One line to each node, which stays with it.
    urls.forEach((url) => publishers.push(new Subscriber([url], 0, random)));
    for (const subscriber of [...subscribers, ...publishers]) {
      subscriber.connect();
    }
    await until(() => [...subscribers, ...publishers].every((each) => each.connected), 30_000);
    await sleep(500);

    let last = 0;
    let kills = 0;
    let up = true;
    let publisher = 1;
    const start = Date.now();
    while (Date.now() - start < length) {
      if (up && Date.now() - start >= (kills + 1) * every && (kills + 1) * every < length) {
        const victim = kills % NODES;
        publisher = (victim + 1) % NODES; // so nothing is lost that nobody has
        await until(() => publishers[publisher].connected, 20_000);
        await nodes[victim].end("SIGKILL");
        kills++;
        up = false; // the next one is killed when this one is back
        nodes[victim].start().then(() => (up = true), (error) => console.error(String(error)));
      }
      const due = Math.floor(((Date.now() - start) * rate) / 1_000);
      const acks = [];
      while (last < due) {
        acks.push(publishers[publisher].emit("emit", "", ++last));
      }
      await Promise.all(acks);
      await sleep(5);
    }
    await until(() => subscribers.every((each) => each.connected && each.seen.at(-1) === last), 30_000);
    await until(() => up, 20_000);
    await sleep(1_000);
    report(kind, kills, last, subscribers);
  } finally {
    [...subscribers, ...publishers].forEach((each) => each.end());
    await Promise.all(nodes.map((each) => each.end()));
    await redis.close();
  }
}

function report(kind, kills, last, subscribers) {
  const sum = { delivered: 0, twice: 0, disordered: 0 };
  for (const { seen } of subscribers) {
    const counted = account(seen, last);
    Object.keys(sum).forEach((key) => (sum[key] += counted[key]));
  }
  const owed = last * subscribers.length;
  const recovered = subscribers.reduce((all, each) => all + each.recovered, 0);
  const notRecovered = subscribers.reduce((all, each) => all + each.notRecovered, 0);
  const part = ((100 * sum.delivered) / owed).toFixed(3);
  console.log(
    `| ${kind} | ${kills} | ${last} | ${sum.delivered} of ${owed} (${part} %) | ${sum.twice} | ${sum.disordered} `
      + `| ${recovered} | ${notRecovered} |`,
  );
  if (asked.expect === "all" && kind === "sockeye") {
    failed ||= sum.delivered !== owed || sum.twice > 0 || sum.disordered > 0 || kills === 0 || recovered === 0;
  }
}

async function until(condition, millis) {
  const end = Date.now() + millis;
  while (!condition() && Date.now() < end) {
    await sleep(50);
  }
}
