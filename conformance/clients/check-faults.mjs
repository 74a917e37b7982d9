// Checks the tests: runs them against the reference fixture with one fault at a time, each of which has to be noticed.
//
//   node check-faults.mjs [TEXT]     only the faults whose name contains the text
//
// At the end, names the tests that no fault made fail. Takes twenty minutes.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { FAULTS } from "./faults.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const AT_ONCE = 2;

const faults = Object.entries(FAULTS).filter(([name]) => name.includes(process.argv[2] ?? ""));
const jobs = faults.flatMap(([fault, [files]]) => files.map((file) => ({ fault, file })));
const total = jobs.length;
const everFailed = new Map(); // by test
let unnoticed = 0;

await Promise.all(Array.from({ length: AT_ONCE }, work));
for (const [test, failed] of everFailed) if (!failed) console.log(`never failed: ${test}`);
console.log(`${total - unnoticed} of ${total} noticed`);
process.exitCode = unnoticed === 0 ? 0 : 1;

async function work() {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    const failed = await run(job);
    if (failed.length === 0) unnoticed++;
    console.log(`${failed.length === 0 ? "UNNOTICED" : "noticed"}: ${job.fault} (${job.file}: ${failed.length} failed)`);
    for (const name of failed.slice(0, 3)) console.log(`    ${name}`);
  }
}

/** The names of the tests that fail. */
async function run({ fault, file }) {
  const args = ["--test-reporter=./lib/json-lines-reporter.mjs", "--test-reporter-destination=stdout"];
  const child = spawn(process.execPath, [...args, `test/${file}.test.mjs`], {
    cwd: HERE,
    env: {
      ...process.env,
      SOCKEYE_FIXTURE: JSON.stringify([process.execPath, "reference-fixture.mjs", "--fault", fault]),
      SOCKEYE_PATIENCE: "4000",
    },
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 180_000,
    killSignal: "SIGKILL",
  });
  const failed = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const { name, outcome, suite, problem } = JSON.parse(line);
    if (problem?.includes("did not start")) throw new Error(problem);
    const test = `${file}: ${name}`;
    everFailed.set(test, everFailed.get(test) || outcome === "failed");
    if (outcome === "failed" && !suite) failed.push(name);
    // A stage whose tests passed can fail by itself: its server did not end well.
    if (outcome === "failed" && suite && failed.length === 0) failed.push(name);
  }
  return failed;
}
