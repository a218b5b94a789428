import { idsOf, keyFieldsOf, type Part, shapeOf } from "./row-statement";

/** Rows that are to be written, gathered from what several commands or one command in several places wrote. */
export type Gathered = Part & {
  readonly shape: string;
  readonly rows: object[];
  /** What the rows say in the fields that say which they are; null: not all say it. */
  readonly ids: Set<string> | null;
};

/**
 * Puts a part to those that are to be written, with rows of its like where there are any. False: it may write a row that one of them writes,
 * which one statement must not. Where each part is a statement of its own (`isInOrder`) it is then simply put behind.
 */
export function addTo(parts: Gathered[], part: Part, isInOrder: boolean): boolean {
  const next = gathered(part);
  const at = parts.findIndex((other) => other.shape === next.shape && other.derived === next.derived);
  const alike = parts[at];
  const isAgain = parts.some((other, index) => (!isInOrder || index >= at) && mayMeet(other, next));
  if (isAgain && !isInOrder) return false;
  if (alike && !isAgain) {
    alike.rows.push(...next.rows);
    for (const id of next.ids ?? []) alike.ids?.add(id);
  } else parts.push(next);
  return true;
}

export function gathered(part: Part): Gathered {
  const ids = idsOf(part, keyFieldsOf(part));
  return { ...part, rows: [...part.rows], shape: shapeOf(part), ids: ids && new Set(ids) };
}

/** Whether both may write one row. */
function mayMeet(one: Gathered, other: Gathered): boolean {
  if (one.table !== other.table || (one.how === "insert" && other.how === "insert")) return false;
  const [fields, others] = [keyFieldsOf(one), keyFieldsOf(other)];
  if (fields.join() === others.join()) return !areApart(one.ids, other.ids);
  return ![fields, others].some((by) => areApart(setOf(one, by), setOf(other, by)));
}

function setOf(part: Part, fields: readonly string[]): Set<string> | null {
  const ids = idsOf(part, fields);
  return ids && new Set(ids);
}

/** Whether what says which rows the one writes says others of the other. */
function areApart(one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): boolean {
  if (!one || !other) return false;
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  for (const id of few) if (many.has(id)) return false;
  return true;
}
