// The differences that are meant: `departures.json`.
//
// Each entry names one or several cases, the exact lines that differ in each of them, and the heading of
// docs/design-decisions.md that says why. A listed difference that no longer shows up, or shows up otherwise, fails just
// like an unlisted one.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { changed } from "./transcript.mjs";

export class Departures {
  #list;
  #byCase = new Map();
  #problems = [];

  constructor(list, headings) {
    this.#list = list;
    for (const entry of list) {
      if (headings !== undefined && !headings.has(entry.reason)) {
        this.#problems.push(`no heading "${entry.reason}" in docs/design-decisions.md`);
      }
      for (const name of entry.cases) {
        if (this.#byCase.has(name)) this.#problems.push(`"${name}" is listed twice`);
        this.#byCase.set(name, entry);
      }
    }
  }

  static read(file, decisions) {
    const list = JSON.parse(readFileSync(file, "utf8"));
    return new Departures(list, existsSync(decisions) ? headingsOf(readFileSync(decisions, "utf8")) : undefined);
  }

  /** What is wrong with a case's outcome, or undefined if nothing is. */
  judge({ name, script, broken }) {
    if (broken) return "the case does not run through on the reference";
    const actual = changed(script);
    const entry = this.#byCase.get(name);
    if (entry === undefined) return actual.length === 0 ? undefined : "the answers differ";
    if (actual.length === 0) return `the departure listed for it does not show up (${entry.reason})`;
    return sameLines(actual, entry.difference) ? undefined : "the answers differ otherwise than listed";
  }

  /** What is wrong with the list itself; with the names of all cases, also which entries name none. */
  problems(names) {
    if (names === undefined) return this.#problems;
    const unknown = [...this.#byCase.keys()].filter((name) => !names.includes(name));
    return [...this.#problems, ...unknown.map((name) => `there is no case "${name}"`)];
  }

  /** The list with the outcomes' differences put down to a reason, in place of what was listed for those cases. */
  accept(outcomes, reason) {
    const replaced = new Set(outcomes.map(({ name }) => name));
    const list = this.#list.map((entry) => ({ ...entry, cases: entry.cases.filter((name) => !replaced.has(name)) }));
    for (const { name, script } of outcomes) {
      const difference = changed(script);
      if (difference.length === 0) continue;
      const entry = list.find((other) => other.reason === reason && sameLines(other.difference, difference));
      if (entry) entry.cases.push(name);
      else list.push({ reason, cases: [name], difference });
    }
    return list.filter(({ cases }) => cases.length > 0).sort((a, b) => (a.reason < b.reason ? -1 : a.reason > b.reason ? 1 : 0));
  }

  static write(file, list) {
    writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
  }
}

function headingsOf(markdown) {
  return new Set([...markdown.matchAll(/^#+ +(.+?) *$/gm)].map(([, heading]) => heading));
}

function sameLines(a, b) {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
