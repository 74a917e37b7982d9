// Watches whether this process and a server get to run, while times are measured.

import { setTimeout as sleep } from "node:timers/promises";

const INTERVAL_MILLIS = 15;

/** Longer than this, and what is measured says nothing about timers. */
const TOLERATED_MILLIS = 150;

/** Runs a measurement; resolves to whether it can be believed: neither this process nor one of the servers stood still. */
export async function undisturbed(pulses, measurement) {
  let done = false;
  const watch = async () => {
    let longest = 0;
    while (!done) {
      const start = performance.now();
      await sleep(INTERVAL_MILLIS);
      await Promise.all(pulses.map((pulse) => pulse.beat()));
      longest = Math.max(longest, performance.now() - start - INTERVAL_MILLIS);
    }
    return longest <= TOLERATED_MILLIS;
  };
  const [believed] = await Promise.all([watch(), measurement().finally(() => (done = true))]);
  return believed;
}
