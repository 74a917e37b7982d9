// Runs one case against the two servers.

import { Lockstep } from "./lockstep.mjs";
import { Script } from "./script.mjs";
import { PROFILES } from "./servers.mjs";
import { differences } from "./transcript.mjs";

/** Resolves to the case's name, the reference's transcript and the two transcripts' difference. */
export async function runCase(test, [reference, subject], { single = false } = {}) {
  const lockstep = new Lockstep();
  const { path } = PROFILES[test.profile];
  const run = (side, address) => runSide(test, new Script({ address, path, side, lockstep }), side, lockstep);
  if (single) {
    lockstep.finish(1);
    return { name: test.name, transcript: await run(0, reference) };
  }
  const [expected, actual] = await Promise.all([run(0, reference), run(1, subject)]);
  return { name: test.name, transcript: expected, script: differences(expected, actual) };
}

async function runSide(test, script, side, lockstep) {
  try {
    await test.run(script);
    await script.finish();
  } catch (error) {
    script.note(`the case stopped: ${error.message}`);
  } finally {
    lockstep.finish(side);
    script.dispose();
  }
  return script.lines;
}
