// What a run prints: for people, or one JSON object per line for programs.

import { excerpt } from "./transcript.mjs";

/** Prints each failure with the lines that differ, then the numbers. */
export class TextReport {
  outcome(name, verdict, script) {
    if (verdict === undefined) return;
    const lines = excerpt(script).map((line) => `    ${line}`);
    console.log([`FAILED ${name}: ${verdict}`, ...lines, ""].join("\n"));
  }

  problem(where, text) {
    console.log(`FAILED ${where}: ${text}\n`);
  }

  summary({ passed, failed }) {
    console.log(`${passed} passed, ${failed} failed`);
  }
}

/** Prints {name, suite, outcome, problem} for each case and each other problem, as the reporter of the clients' tests does. */
export class JsonReport {
  outcome(name, verdict, script) {
    if (verdict === undefined) this.#print({ name, outcome: "passed" });
    else this.#print({ name, outcome: "failed", problem: [verdict, ...excerpt(script)].join("\n") });
  }

  problem(where, text) {
    this.#print({ name: where, outcome: "failed", problem: text });
  }

  summary() {}

  #print(outcome) {
    console.log(JSON.stringify({ ...outcome, suite: false }));
  }
}
