// A port, perhaps, and then flags with one value each.
export function flags(words, standards) {
  const found = { ...standards };
  const rest = [...words];
  if (rest.length > 0 && !rest[0].startsWith("--")) {
    found.port = Number(rest.shift());
  }
  while (rest.length > 0) {
    const name = rest.shift().slice(2);
    if (!(name in standards)) {
      throw new Error(`--${name} (expected: ${Object.keys(standards).map((each) => `--${each}`).join(" ")})`);
    }
    found[name] = rest.shift();
  }
  return found;
}
