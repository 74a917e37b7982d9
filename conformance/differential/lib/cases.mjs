// How cases are declared and found.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The cases of one file, under a common prefix of their names and a common profile. */
export class Family {
  cases = [];

  constructor(prefix, profile = "socketio") {
    this.prefix = prefix;
    this.profile = profile;
  }

  /**
   * Adds a case. `run` is called once per server with a Script. `heavy` cases run alone, so that the load they put on
   * the machine disturbs no other; `timed` ones measure times, run beside each other but beside nothing else, and are
   * run again when the machine stood still; `long` ones start first.
   */
  add(name, run, { profile = this.profile, heavy = false, timed = false, long = false } = {}) {
    this.cases.push({ name: `${this.prefix}: ${name}`, run, profile, heavy, timed, long });
  }
}

/** Every case of every file of a folder, in order; each file's default export is a Family or a list of them. */
export async function readCases(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith(".mjs")).sort();
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(folder, file)).href)));
  const cases = modules.flatMap((module) => [module.default].flat()).flatMap((family) => family.cases);
  const names = new Set();
  for (const { name } of cases) {
    if (names.has(name)) throw new Error(`two cases are called "${name}"`);
    names.add(name);
  }
  return cases;
}
