// Runs every case against the reference and against the subject, and compares the transcripts.
//
//   node run.mjs                                     starts both servers itself
//   node run.mjs --subject-command 'CMD ARG'         …with another subject than ../serve
//   node run.mjs --reference HOST:PORT --subject HOST:PORT [--profile NAME]
//                                                    uses servers that run already, for the cases of one profile
//   --only TEXT   only cases whose name contains the text (or is matched by it, as /pattern/)
//   --accept WHY  lists the differences found in departures.json, under a heading of docs/design-decisions.md
//   --print       prints the reference's transcript of each case and compares nothing
//   --list        prints the names of the cases
//   --json        prints the outcomes for programs, one object per line
//   --parallel N  how many cases run at the same time (32)

import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { readCases } from "./lib/cases.mjs";
import { Departures } from "./lib/departures.mjs";
import { Pulse } from "./lib/pulse.mjs";
import { JsonReport, TextReport } from "./lib/report.mjs";
import { Servers } from "./lib/servers.mjs";
import { runCase } from "./lib/runner.mjs";

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
    json: { type: "boolean" },
    parallel: { type: "string", default: "32" },
  },
});
/** Whether the reference is compared with itself, or with nothing: it departs from nothing, and knows everything. */
const self = flags["subject-command"] === "reference" || flags.print === true;

process.exitCode = await main();

async function main() {
  const cases = await selectCases();
  if (flags.list) {
    for (const { name } of cases) console.log(name);
    return 0;
  }
  const departures = self ? Departures.none() : Departures.read(DEPARTURES, DECISIONS);
  const started = [];
  let outcomes;
  try {
    const pairs = await servers([...new Set(cases.map(({ profile }) => profile))], started);
    outcomes = await runAll(cases, pairs, departures.rules);
  } finally {
    await Promise.all(started.map((server) => server.stop()));
  }
  if (flags.print) return printAll(outcomes);
  if (flags.accept !== undefined) return accept(outcomes, departures);
  return report({ outcomes, departures, leaks: started.flatMap(({ leaks }) => leaks) });
}

/** The cases to run. */
async function selectCases() {
  const fixed = flags.reference !== undefined || flags.subject !== undefined;
  return (await readCases(join(here, "cases"))).filter(({ name, profile }) => {
    return isWanted(name) && (!fixed || profile === flags.profile);
  });
}

function isWanted(name) {
  if (flags.only === undefined) return true;
  const pattern = /^\/(.*)\/$/.exec(flags.only);
  return pattern ? new RegExp(pattern[1]).test(name) : name.includes(flags.only);
}

/** The two servers of each profile. */
async function servers(profiles, started) {
  const role = async (given, command, name) => {
    if (given !== undefined) return () => parseAddress(given);
    const process = await Servers.start(command, profiles, name);
    started.push(process);
    return (profile) => process.address(profile);
  };
  const [reference, subject] = await Promise.all([
    role(flags.reference, REFERENCE, "reference"),
    flags.print ? undefined : role(flags.subject, subjectCommand(), "subject"),
  ]);
  const server = (address) => ({ address, pulse: new Pulse(address) });
  return Object.fromEntries(profiles.map((profile) => {
    return [profile, { reference: server(reference(profile)), subject: subject && server(subject(profile)) }];
  }));
}

function subjectCommand() {
  const command = flags["subject-command"];
  return command === "reference" ? REFERENCE : command.split(" ");
}

function parseAddress(text) {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** Runs the cases, the long ones first; then those that measure times, all at once; the heavy ones alone at the end. */
async function runAll(cases, pairs, rules) {
  const outcomes = new Map();
  const run = async (test) => outcomes.set(test, await runCase(test, { ...pairs[test.profile], rules }));
  const light = cases.filter(({ heavy, timed }) => !heavy && !timed).sort((a, b) => Number(b.long) - Number(a.long));
  const queue = light[Symbol.iterator]();
  const worker = async () => {
    for (const test of queue) await run(test);
  };
  await Promise.all(Array.from({ length: Number(flags.parallel) }, worker));
  await Promise.all(cases.filter(({ timed }) => timed).map(run));
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

function report({ outcomes, departures, leaks }) {
  const sink = flags.json ? new JsonReport() : new TextReport();
  let [passed, failed] = [0, 0];
  for (const outcome of outcomes) {
    const verdict = departures.judge(outcome);
    if (verdict === undefined) passed++;
    else failed++;
    sink.outcome(outcome.name, verdict, outcome.script);
  }
  const complete = flags.only === undefined && flags.reference === undefined && flags.subject === undefined;
  const problems = departures.problems(complete ? outcomes : undefined);
  problems.forEach((problem) => sink.problem("departures.json", problem));
  leaks.forEach((line) => sink.problem("leak", line));
  failed += problems.length + leaks.length;
  sink.summary({ passed, failed });
  return failed === 0 ? 0 : 1;
}
