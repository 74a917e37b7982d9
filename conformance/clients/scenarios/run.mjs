// Plays every scenario on npm's socket.io and on Sockeye, and compares the transcripts.
//
//   node scenarios/run.mjs [--only TEXT] [--seed NUMBER] [--print] [--json]
//
// Sockeye is what SOCKEYE_FIXTURE starts, as for the tests with real clients; `node reference-fixture.mjs` there plays the
// reference against itself. --seed plays the randomised scenarios of that seed alone; --print shows the transcripts; --json is for the build.

import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { Fixture } from "../lib/fixture.mjs";
import { SCENARIOS, play } from "./scenario.mjs";
import { declareRandomised } from "./randomised.mjs";
import { DEPARTURES } from "./departures.mjs";
import { differences, excerpt } from "../../differential/lib/transcript.mjs";

const AT_ONCE = 4;
const RECOVERY_MILLIS = 60_000;
const REFERENCE = ["node", "reference-fixture.mjs"];

const { values: flags } = parseArgs({
  options: { only: { type: "string" }, seed: { type: "string" }, print: { type: "boolean" }, json: { type: "boolean" } },
});

if (flags.seed === undefined) {
  for (const file of readdirSync(new URL("cases", import.meta.url)).sort()) await import(new URL(`cases/${file}`, import.meta.url));
}
declareRandomised(flags.seed);

/** What is wrong with a scenario's outcome; undefined if nothing is. */
async function judge(scenario, servers, number) {
  const outcomes = await Promise.allSettled(servers.map((server) => play(scenario, server, number)));
  const [reference, sockeye] = outcomes.map(({ reason, value }) => value ?? [`the scenario failed: ${reason?.message}`]);
  if (flags.print) console.log([scenario.name, ...reference].join("\n    "));
  if (outcomes[0].status === "rejected") return `on the reference: ${reference[0]}`;
  const script = differences(reference, sockeye);
  const differs = script.some((line) => !line.startsWith("  "));
  const departure = DEPARTURES.find(({ scenarios }) => scenarios.test(scenario.name));
  if (departure === undefined) return differs ? excerpt(script).join("\n") : undefined;
  if (!differs) return `the departure listed for it does not show up: ${departure.reason}`;
  const actual = script.filter((line) => !line.startsWith("  "));
  return actual.join("\n") === departure.difference.join("\n") ? undefined : `differs otherwise than listed:\n${excerpt(script).join("\n")}`;
}

function report(name, problem) {
  if (flags.json) console.log(JSON.stringify({ name, outcome: problem === undefined ? "passed" : "failed", problem: problem ?? "", suite: false }));
  else if (problem !== undefined) console.log(`FAILED ${name}\n    ${problem.replaceAll("\n", "\n    ")}`);
  return problem === undefined;
}

const chosen = SCENARIOS.filter(({ name }) => flags.only === undefined || name.includes(flags.only));
/** The reference and Sockeye. */
const pair = (settings) => Promise.all([Fixture.start(settings, REFERENCE), Fixture.start(settings)]);
const [plain, recovering] = await Promise.all([pair({}), pair({ recovery: RECOVERY_MILLIS })]);
let failed = 0;
let next = 1;
async function playAll(list) {
  for (let scenario = list.shift(); scenario !== undefined; scenario = list.shift()) {
    const problem = await judge(scenario, scenario.recovery ? recovering : plain, next++);
    if (!report(scenario.name, problem)) failed++;
  }
}
const together = chosen.filter(({ alone }) => !alone);
await Promise.all(Array.from({ length: AT_ONCE }, () => playAll(together)));
await playAll(chosen.filter(({ alone }) => alone));
const names = ["the reference", "Sockeye", "the reference with recovery", "Sockeye with recovery"];
for (const [name, server] of names.map((name, i) => [name, [...plain, ...recovering][i]])) {
  const problem = await server.end().then(() => undefined, (error) => error.message);
  if (!report(`${name} ends in good order`, problem)) failed++;
}
if (!flags.json) console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
