// Runs one case against the two servers.

import { Lockstep } from "./lockstep.mjs";
import { readingUnder } from "./rules.mjs";
import { Script } from "./script.mjs";
import { undisturbed } from "./stalls.mjs";
import { PROFILES } from "./servers.mjs";
import { differences } from "./transcript.mjs";

const STOPPED = "the case stopped";
const MEASUREMENTS = 10;

/**
 * Resolves to the case's name, the reference's transcript, the difference, whether the case itself is broken, and which
 * of the rules made a difference. `reference` and `subject` are {address, pulse}; without a subject there is only the
 * transcript.
 */
export async function runCase(test, { reference, subject, rules }) {
  if (!test.timed || subject === undefined) return runOnce(test, { reference, subject, rules });
  for (let i = 0; i < MEASUREMENTS; i++) {
    let outcome;
    const believed = await undisturbed([reference.pulse, subject.pulse], async () => {
      outcome = await runOnce(test, { reference, subject, rules });
    });
    if (believed) return outcome;
  }
  return { name: test.name, transcript: [], script: ["+ # the machine stands still too often to measure times"], used: new Set() };
}

async function runOnce(test, { reference, subject, rules }) {
  const lockstep = new Lockstep();
  const used = new Set();
  const run = (side, server) => runSide(test, server, side, lockstep, readingUnder(rules, side === 0, used));
  if (subject === undefined) {
    lockstep.finish(1);
    return { name: test.name, transcript: await run(0, reference), used };
  }
  const [expected, actual] = await Promise.all([run(0, reference), run(1, subject)]);
  const broken = expected.some((line) => line.startsWith(`# ${STOPPED}`));
  return { name: test.name, transcript: expected, script: differences(expected, actual), broken, used };
}

async function runSide(test, { address, pulse }, side, lockstep, reading) {
  const script = new Script({ address, pulse, path: PROFILES[test.profile].path, side, lockstep, reading });
  try {
    await test.run(script);
    await script.finish();
  } catch (error) {
    script.note(`${STOPPED}: ${error.message}`);
  } finally {
    lockstep.finish(side);
    script.dispose();
  }
  return script.lines;
}
