export function inject(name, io) {}
