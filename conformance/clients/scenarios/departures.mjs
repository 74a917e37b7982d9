// Differences that are meant: the heading of docs/design-decisions.md that says why, the scenarios, and the lines that differ,
// "-" the reference's and "+" Sockeye's. One that no longer shows up, or shows up otherwise, fails.

import { readFileSync } from "node:fs";

export const DEPARTURES = [
  {
    reason: "A client that comes back gets the CONNECT before what it has missed",
    scenarios: /^recovery: (what was missed|only what was meant)/,
    difference: ["+   connected, recovered", "-   connected, recovered"],
  },
];

const decisions = readFileSync(new URL("../../../docs/design-decisions.md", import.meta.url), "utf8");
for (const { reason } of DEPARTURES) {
  if (!decisions.split("\n").includes(`### ${reason}`)) throw new Error(`no heading "${reason}" in docs/design-decisions.md`);
}
