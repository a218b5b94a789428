import type { Problem } from "../result";

/** A problem for every name that an earlier one has already; upper and lower case count as the same, since people read them so. */
export function repeated(named: readonly { name: string; path: string }[]): Problem[] {
  const first = new Map<string, string>();
  return named.flatMap(({ name, path }) => {
    const earlier = first.get(name.toLowerCase());
    if (earlier !== undefined)
      return [{ path, message: `${name} is the name of ${earlier.replace(/\.name$/, "")} already` }];
    first.set(name.toLowerCase(), path);
    return [];
  });
}
