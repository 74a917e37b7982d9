// What a run prints: for people, or one JSON object per line for programs.

import { excerpt } from "./transcript.mjs";

/** Prints each failure with the lines that differ, then the numbers. */
export class TextReport {
  outcome(name, verdict, script) {
    if (verdict === undefined) return;
    const lines = excerpt(script).map((line) => `    ${line}`);
    console.log([`FAILED ${name}: ${verdict}`, ...lines, ""].join("\n"));
  }

  problem(text) {
    console.log(`FAILED departures.json: ${text}\n`);
  }

  summary({ passed, failed, excluded }) {
    for (const [{ name, reason }, count] of excluded) console.log(`not run: ${count} cases of ${name}, because ${reason}`);
    console.log(`${passed} passed, ${failed} failed`);
  }
}

/** Prints {name, problem} for each case and each problem of the list; the problem is null where all is well. */
export class JsonReport {
  outcome(name, verdict, script) {
    const problem = verdict === undefined ? null : [verdict, ...excerpt(script)].join("\n");
    console.log(JSON.stringify({ name, problem }));
  }

  problem(text) {
    console.log(JSON.stringify({ name: "departures.json", problem: text }));
  }

  summary() {}
}
