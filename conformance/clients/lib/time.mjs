import { setTimeout as sleep } from "node:timers/promises";

/** How long tests wait for what has to come, in ms. */
export const PATIENCE = Number(process.env.SOCKEYE_PATIENCE ?? 10_000);

/** The promise, or a failure that says what was waited for. */
export async function within(millis, promise, what) {
  const alarm = new AbortController();
  const late = sleep(millis, undefined, { signal: alarm.signal }).then(
    () => {
      throw new Error(`Waited ${millis} ms for ${what}`);
    },
    () => {},
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    alarm.abort();
  }
}
