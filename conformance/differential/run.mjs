// Runs every case against the reference and against the subject, and compares the transcripts.
//
//   node run.mjs                                     starts both servers of every profile itself
//   node run.mjs --subject-command 'CMD ARG'         …with another subject than ../serve
//   node run.mjs --reference HOST:PORT --subject HOST:PORT [--profile NAME]
//                                                    uses servers that run already, for the cases of one profile
//   --only TEXT   only cases whose name contains the text (or is matched by it, as /pattern/)
//   --accept WHY  lists the differences found in departures.json, under a heading of docs/design-decisions.md
//   --print       prints the reference's transcript of each case and compares nothing
//   --list        prints the names of the cases
//   --parallel N  how many cases run at the same time (32)

import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { readCases } from "./lib/cases.mjs";
import { Departures } from "./lib/departures.mjs";
import { PROFILES, Server } from "./lib/servers.mjs";
import { runCase } from "./lib/runner.mjs";
import { excerpt } from "./lib/transcript.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const DEPARTURES = join(here, "departures.json");
const DECISIONS = join(here, "..", "..", "docs", "design-decisions.md");
const REFERENCE = [process.execPath, join(here, "reference-server.mjs")];

const { values: flags } = parseArgs({
  options: {
    reference: { type: "string" },
    subject: { type: "string" },
    "subject-command": { type: "string", default: join(here, "..", "serve") },
    profile: { type: "string", default: "socketio" },
    only: { type: "string" },
    accept: { type: "string" },
    print: { type: "boolean" },
    list: { type: "boolean" },
    parallel: { type: "string", default: "32" },
  },
});

process.exitCode = await main();

async function main() {
  const cases = await selectCases();
  if (flags.list) {
    for (const { name } of cases) console.log(name);
    return 0;
  }
  const departures = Departures.read(DEPARTURES, DECISIONS);
  const started = [];
  try {
    const pairs = await servers([...new Set(cases.map(({ profile }) => profile))], started);
    const outcomes = await runAll(cases, pairs);
    if (flags.print) return printAll(outcomes);
    if (flags.accept !== undefined) return accept(outcomes, departures);
    return report(outcomes, departures);
  } finally {
    for (const server of started) server.stop();
  }
}

async function selectCases() {
  const all = await readCases(join(here, "cases"));
  const fixed = flags.reference !== undefined || flags.subject !== undefined;
  return all.filter(({ name, profile }) => isWanted(name) && (!fixed || profile === flags.profile));
}

function isWanted(name) {
  if (flags.only === undefined) return true;
  const pattern = /^\/(.*)\/$/.exec(flags.only);
  return pattern ? new RegExp(pattern[1]).test(name) : name.includes(flags.only);
}

/** The addresses of the two servers of each profile. */
async function servers(profiles, started) {
  const entries = await Promise.all(
    profiles.map(async (profile) => {
      const reference = await address(flags.reference, REFERENCE, profile, "reference", started);
      const subject = flags.print
        ? reference
        : await address(flags.subject, subjectCommand(), profile, "subject", started);
      return [profile, [reference, subject]];
    }),
  );
  return Object.fromEntries(entries);
}

function subjectCommand() {
  const command = flags["subject-command"];
  return command === "reference" ? REFERENCE : command.split(" ");
}

async function address(given, command, profile, role, started) {
  if (given !== undefined) {
    const colon = given.lastIndexOf(":");
    return { host: given.slice(0, colon), port: Number(given.slice(colon + 1)) };
  }
  const server = await Server.start(command, PROFILES[profile].flags, `${role} ${profile}`);
  started.push(server);
  return server.address;
}

/** Runs the cases, the long ones first, the heavy ones alone at the end. */
async function runAll(cases, pairs) {
  const outcomes = new Map();
  const run = async (test) => outcomes.set(test, await runCase(test, pairs[test.profile], { single: flags.print }));
  const light = cases.filter(({ heavy }) => !heavy).sort((a, b) => Number(b.long) - Number(a.long));
  const queue = light[Symbol.iterator]();
  const worker = async () => {
    for (const test of queue) await run(test);
  };
  await Promise.all(Array.from({ length: Number(flags.parallel) }, worker));
  for (const test of cases) if (test.heavy) await run(test);
  return cases.map((test) => outcomes.get(test));
}

function printAll(outcomes) {
  for (const { name, transcript } of outcomes) console.log(`## ${name}\n${transcript.join("\n")}\n`);
  return 0;
}

/** Puts the differences that are not listed, or not as they are now, down to one reason. */
function accept(outcomes, departures) {
  const unlisted = outcomes.filter((outcome) => departures.judge(outcome) !== undefined);
  Departures.write(DEPARTURES, departures.accept(unlisted, flags.accept));
  console.log(`${unlisted.length} accepted`);
  return 0;
}

function report(outcomes, departures) {
  let failed = 0;
  for (const outcome of outcomes) {
    const verdict = departures.judge(outcome);
    if (verdict === undefined) continue;
    failed++;
    const lines = excerpt(outcome.script).map((line) => `    ${line}`);
    console.log([`FAILED ${outcome.name}: ${verdict}`, ...lines, ""].join("\n"));
  }
  const complete = flags.only === undefined && flags.reference === undefined && flags.subject === undefined;
  const problems = departures.problems(complete ? outcomes.map(({ name }) => name) : undefined);
  for (const problem of problems) console.log(`FAILED departures.json: ${problem}\n`);
  console.log(`${outcomes.length - failed} passed, ${failed + problems.length} failed`);
  return failed + problems.length === 0 ? 0 : 1;
}
