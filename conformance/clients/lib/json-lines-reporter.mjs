// A reporter for node:test that writes one JSON object a line, for ClientSuiteTest to read.

export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    yield `${JSON.stringify(line(type, data))}\n`;
  }
}

function line(type, { name, nesting, skip, todo, details }) {
  const result = { name, nesting, suite: details.type === "suite", millis: Math.round(details.duration_ms) };
  if (type === "test:fail") return { ...result, outcome: "failed", problem: problem(details.error) };
  if (skip !== undefined || todo !== undefined) return { ...result, outcome: "skipped" };
  return { ...result, outcome: "passed" };
}

/** node:test wraps what a test threw; its cause says more. */
function problem(error) {
  const cause = error?.cause ?? error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
