// Recovery under drops: subscribers of a room, cut off again and again at random while broadcasts go on, against Sockeye and
// against npm's socket.io. ../../recovery-under-drops runs it.
//
//   node recovery/drops.mjs [--server sockeye|reference|both] [--transport NAME] [--loss reset|stall] [--profile slow|flap]
//                           [--seconds 20] [--subscribers 50] [--per-second 50] [--seed N] [--check]
//
// Prints a table. With --check it runs Sockeye only, prints one line of JSON per combination as a test's outcome, and fails
// where a packet was lost, came twice or out of order, or a client was not recovered.

import { parseArgs } from "node:util";
import { TRANSPORTS } from "../lib/client.mjs";
import { Fixture } from "../lib/fixture.mjs";
import { LOSSES } from "../lib/line.mjs";
import { play } from "./crowd.mjs";

const PROFILES = {
  slow: { downMillis: 2000, upMillis: 4000 },
  flap: { downMillis: 300, upMillis: 600 },
};
const SERVERS = {
  sockeye: '["../fixture"]',
  reference: "node reference-fixture.mjs",
};
// A client whose line has stalled notices after both. The default of 45 s would be longer than the run.
const SETTINGS = { "ping-interval": 1000, "ping-timeout": 2000, recovery: 120_000 };

const { values: flags } = parseArgs({
  options: {
    server: { type: "string", default: "both" },
    transport: { type: "string" },
    loss: { type: "string" },
    profile: { type: "string" },
    seconds: { type: "string", default: "20" },
    subscribers: { type: "string", default: "50" },
    "per-second": { type: "string", default: "50" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
    check: { type: "boolean" },
  },
});

const chosen = (name, all) => (name === undefined ? Object.keys(all) : [name]);
const servers = flags.check ? ["sockeye"] : flags.server === "both" ? Object.keys(SERVERS) : [flags.server];
const numbers = {
  subscribers: Number(flags.subscribers),
  perSecond: Number(flags["per-second"]),
  seconds: Number(flags.seconds),
  seed: Number(flags.seed),
};
let failed = false;

if (!flags.check) {
  console.log(`${numbers.subscribers} subscribers, ${numbers.perSecond}/s for ${numbers.seconds} s, seed ${numbers.seed}\n`);
  console.log("| server | lines | transport | delivered | twice | out of order | recovered | not recovered | kept |");
  console.log("|---|---|---|---|---|---|---|---|---|");
}
for (const server of servers) {
  for (const loss of chosen(flags.loss, LOSSES)) {
    for (const profile of chosen(flags.profile, PROFILES)) {
      for (const transport of chosen(flags.transport, TRANSPORTS)) {
        await run(server, { transport, loss, profile });
      }
    }
  }
}
process.exit(failed && !flags.check ? 1 : 0);

async function run(server, { transport, loss, profile }) {
  process.env.SOCKEYE_FIXTURE = SERVERS[server];
  const name = `${profile} ${loss} ${transport}`;
  try {
    const fixture = await Fixture.start(SETTINGS);
    const result = await play(fixture, { ...numbers, transport, loss, profile: PROFILES[profile] });
    await fixture.end();
    report(server, { transport, loss, profile }, name, result);
  } catch (error) {
    if (!flags.check) throw error;
    outcome(name, String(error.stack));
  }
}

function report(server, { transport, loss, profile }, name, result) {
  const { expected, delivered, duplicates, outOfOrder, recovered, restarted, kept } = result;
  const exact = delivered === expected && duplicates === 0 && outOfOrder === 0 && restarted === 0;
  if (flags.check) {
    outcome(name, exact ? undefined : `seed ${numbers.seed}: ${JSON.stringify(result)}`);
    return;
  }
  if (server === "sockeye" && !exact) failed = true;
  const percent = (Math.floor((delivered / expected) * 1000) / 10).toFixed(1);
  const memory = `${kept.packets} packets, ${Math.ceil(kept.bytes / 1024)} KiB`;
  console.log(
    `| ${server} | ${profile}, ${loss} | ${transport} | ${percent} % | ${duplicates} | ${outOfOrder} | ${recovered} | ${restarted} | ${memory} |`,
  );
}

function outcome(name, problem) {
  console.log(JSON.stringify({ name, suite: false, outcome: problem === undefined ? "passed" : "failed", problem }));
}
