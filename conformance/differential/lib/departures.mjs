// The differences that are meant: `departures.json`.
//
// Each entry has the heading of docs/design-decisions.md that says why, and either names one or several cases and the
// exact lines that differ in each of them, or a rule of rules.mjs. A listed difference that no longer shows up, or shows
// up otherwise, fails just like an unlisted one, and so does a rule that makes no difference anywhere.

import { readFileSync, writeFileSync } from "node:fs";
import { RULES } from "./rules.mjs";
import { changed } from "./transcript.mjs";

export class Departures {
  #list;
  #byCase = new Map();
  #problems = [];

  constructor(list, headings) {
    this.#list = list;
    for (const { reason, rule } of list) {
      if (!headings.has(reason)) this.#problems.push(`no heading "${reason}" in docs/design-decisions.md`);
      if (rule !== undefined && RULES[rule] === undefined) throw new Error(`there is no rule "${rule}"`);
    }
    for (const entry of list) {
      for (const name of entry.cases ?? []) {
        if (this.#byCase.has(name)) this.#problems.push(`"${name}" is listed twice`);
        this.#byCase.set(name, entry);
      }
    }
  }

  static read(file, decisions) {
    return new Departures(JSON.parse(readFileSync(file, "utf8")), headingsOf(readFileSync(decisions, "utf8")));
  }

  /** No departures: for a subject that is the reference itself. */
  static none() {
    return new Departures([], new Set());
  }

  /** The names of the rules that apply to every case. */
  get rules() {
    return this.#list.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
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

  /** What is wrong with the list itself; with the outcomes of all cases, also what in it concerns none. */
  problems(outcomes) {
    if (outcomes === undefined) return this.#problems;
    const names = new Set(outcomes.map(({ name }) => name));
    const unknown = [...this.#byCase.keys()].filter((name) => !names.has(name));
    const idle = this.rules.filter((rule) => !outcomes.some(({ used }) => used.has(rule)));
    return [
      ...this.#problems,
      ...unknown.map((name) => `there is no case "${name}"`),
      ...idle.map((rule) => `the rule "${rule}" makes no difference in any case`),
    ];
  }

  /** The list with the outcomes' differences put down to a reason, in place of what was listed for those cases. */
  accept(outcomes, reason) {
    const replaced = new Set(outcomes.map(({ name }) => name));
    const list = this.#list.map((entry) => {
      return entry.cases ? { ...entry, cases: entry.cases.filter((name) => !replaced.has(name)) } : entry;
    });
    for (const { name, script } of outcomes) {
      const difference = changed(script);
      if (difference.length === 0) continue;
      const entry = list.find((other) => other.reason === reason && other.cases && sameLines(other.difference, difference));
      if (entry) entry.cases.push(name);
      else list.push({ reason, cases: [name], difference });
    }
    const kept = list.filter(({ cases }) => cases === undefined || cases.length > 0);
    return kept.sort((a, b) => (a.reason < b.reason ? -1 : a.reason > b.reason ? 1 : 0));
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
