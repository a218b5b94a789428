import type { z } from "zod";

/**
 * The filters of an address, each judged by itself: one that says nothing sensible is dropped and named, the others stay. `dropped` are the
 * names of those, as they stand in the address.
 */
export function readFilter<Schema extends z.ZodObject>(
  schema: Schema,
  params: Readonly<Record<string, string | string[] | undefined>>,
): { filter: Partial<z.output<Schema>>; dropped: string[] } {
  const read = schema.safeParse(params);
  if (read.success) return { filter: read.data as Partial<z.output<Schema>>, dropped: [] };
  const dropped = [...new Set(read.error.issues.map(({ path }) => String(path[0])))];
  const kept = Object.fromEntries(Object.entries(params).filter(([name]) => !dropped.includes(name)));
  const again = schema.safeParse(kept);
  return { filter: (again.success ? again.data : {}) as Partial<z.output<Schema>>, dropped };
}
