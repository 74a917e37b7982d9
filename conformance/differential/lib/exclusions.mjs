// Cases that the subject is not asked yet. Each entry has a reason, which the summary names; without entries, every case
// is run. The reference answers them all: `npm run self-check`, and --print.

export const EXCLUSIONS = [];

/** The entry that keeps a case from being run, or undefined. */
export function exclusionOf(name) {
  return EXCLUSIONS.find(({ cases }) => cases.test(name));
}
