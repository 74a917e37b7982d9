// What a delivery to the clients of another node costs a server: CPU time (utime + stime) of the node that receives, from
// /proc/PID/stat, over Redis, beside npm's adapters in the same run. Linux only.
//   conformance/cross-node-cost [--adapters classic,sharded,streams,recovery] [--nodes sockeye,node] [--clients 1,50]
//                               [--warmup 12] [--seconds 6] [--rounds 1]
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { flags } from "./lib/flags.mjs";
import { freePort, node, redisServer, seeded, sleep } from "./lib/cluster.mjs";
import { Subscriber } from "./lib/subscriber.mjs";

const IN_FLIGHT = 64;

const asked = flags(process.argv.slice(2), {
  adapters: "classic,sharded,streams,recovery",
  nodes: "sockeye,node",
  clients: "1,50",
  warmup: 12,
  seconds: 6,
  rounds: 1,
});
const microsPerTick = 1_000_000 / Number(execFileSync("getconf", ["CLK_TCK"]).toString());

console.log("| adapter | clients of the receiving node | nodes | µs of the receiving node per delivery | µs of the sending node per broadcast | broadcasts |");
console.log("|---|--:|---|--:|--:|--:|");
for (let round = 0; round < Number(asked.rounds); round++) {
  for (const adapter of asked.adapters.split(",")) {
    for (const clients of asked.clients.split(",")) {
      for (const kind of asked.nodes.split(",")) {
        await run(adapter, Number(clients), kind);
      }
    }
  }
}

async function run(adapter, clients, kind) {
  const redis = await redisServer();
  const [sender, receiver] = [await freePort(), await freePort()].map((port) => {
    return { url: `ws://127.0.0.1:${port}`, process: node(kind, port, redis.url, "--adapter", adapter) };
  });
  const random = seeded(1);
  const publisher = new Subscriber([sender.url], 0, random);
  const subscribers = Array.from({ length: clients }, () => new Subscriber([receiver.url], 0, random));
  try {
    await Promise.all([sender.process.start(), receiver.process.start()]);
    [publisher, ...subscribers].forEach((each) => each.connect());
    while (![publisher, ...subscribers].every((each) => each.connected)) {
      await sleep(50);
    }
    await publish(publisher, subscribers, Number(asked.warmup));
    const before = [sender, receiver].map(cpuMicros);
    const broadcasts = await publish(publisher, subscribers, Number(asked.seconds));
    const [sent, received] = [sender, receiver].map((each, i) => cpuMicros(each) - before[i]);
    console.log(
      `| ${adapter} | ${clients} | ${kind} | ${(received / (broadcasts * clients)).toFixed(1)} `
        + `| ${(sent / broadcasts).toFixed(1)} | ${broadcasts} |`,
    );
  } finally {
    [publisher, ...subscribers].forEach((each) => each.end());
    await Promise.all([sender, receiver].map((each) => each.process.end()));
    await redis.close();
  }
}

/** Broadcasts for so many seconds, so many at a time, each of which every subscriber has to see; answers how many. */
async function publish(publisher, subscribers, seconds) {
  const end = Date.now() + seconds * 1_000;
  let count = 0;
  while (Date.now() < end) {
    subscribers.forEach((each) => (each.seen.length = 0));
    const acks = [];
    for (let i = 1; i <= IN_FLIGHT; i++) {
      acks.push(publisher.emit("emit", "", i));
    }
    await Promise.all(acks);
    const deadline = Date.now() + 10_000;
    while (!subscribers.every((each) => each.seen.length >= IN_FLIGHT)) {
      if (Date.now() > deadline) {
        throw new Error(`a broadcast did not arrive: ${subscribers.map((each) => each.seen)} after ${count}`);
      }
      await sleep(1);
    }
    count += IN_FLIGHT;
  }
  return count;
}

function cpuMicros({ process }) {
  const fields = readFileSync(`/proc/${process.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * microsPerTick;
}
