// The differences that are meant: `departures.json`.
//
// Each entry names one or several cases, the exact lines that differ there, and the heading of docs/design-decisions.md
// that says why. A listed difference that no longer shows up, or shows up otherwise, fails just like an unlisted one.

import { existsSync, readFileSync } from "node:fs";
import { changed } from "./transcript.mjs";

export class Departures {
  #entries = new Map();
  #problems = [];

  constructor(list, headings) {
    for (const entry of list) {
      if (headings !== undefined && !headings.has(entry.reason)) {
        this.#problems.push(`no heading "${entry.reason}" in docs/design-decisions.md`);
      }
      for (const name of [entry.case].flat()) {
        if (this.#entries.has(name)) this.#problems.push(`"${name}" is listed twice`);
        this.#entries.set(name, entry);
      }
    }
  }

  static read(file, decisions) {
    const list = JSON.parse(readFileSync(file, "utf8"));
    return new Departures(list, existsSync(decisions) ? headingsOf(readFileSync(decisions, "utf8")) : undefined);
  }

  /** What is wrong with a case's outcome, or undefined if nothing is. */
  judge(name, script) {
    const actual = changed(script);
    const entry = this.#entries.get(name);
    if (entry === undefined) return actual.length === 0 ? undefined : "the answers differ";
    if (actual.length === 0) return "the departure listed for it does not show up";
    return sameLines(actual, entry.difference) ? undefined : "the answers differ otherwise than listed";
  }

  /** What is wrong with the list itself; with the names of all cases, also which entries name none. */
  problems(names) {
    if (names === undefined) return this.#problems;
    const unknown = [...this.#entries.keys()].filter((name) => !names.includes(name));
    return [...this.#problems, ...unknown.map((name) => `there is no case "${name}"`)];
  }
}

function headingsOf(markdown) {
  return new Set([...markdown.matchAll(/^#+ +(.+?) *$/gm)].map(([, heading]) => heading));
}

function sameLines(a, b) {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
