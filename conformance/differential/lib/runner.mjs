// Runs one case against the two servers.

import { Lockstep } from "./lockstep.mjs";
import { Script } from "./script.mjs";
import { PROFILES } from "./servers.mjs";
import { differences } from "./transcript.mjs";

const STOPPED = "the case stopped";

/** Resolves to the case's name, the reference's transcript, the difference, and whether the case itself is broken. */
export async function runCase(test, [reference, subject], { single = false } = {}) {
  const lockstep = new Lockstep();
  const { path } = PROFILES[test.profile];
  const run = (side, address) => runSide(test, new Script({ address, path, side, lockstep }), side, lockstep);
  if (single) {
    lockstep.finish(1);
    return { name: test.name, transcript: await run(0, reference) };
  }
  const [expected, actual] = await Promise.all([run(0, reference), run(1, subject)]);
  const broken = expected.some((line) => line.startsWith(`# ${STOPPED}`));
  return { name: test.name, transcript: expected, script: differences(expected, actual), broken };
}

async function runSide(test, script, side, lockstep) {
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
