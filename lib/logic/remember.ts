/** Texts whose readings are kept, of one sort. */
const MAX_KEPT = 500;

/** The same function, which reads each text once as long as it is among those last read. For what depends on the text alone. */
export function remember<T>(read: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = read(text);
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(text, made);
    return made;
  };
}
