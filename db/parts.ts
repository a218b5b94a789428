import { idsOf, keyFieldsOf, nameOfTable, type Part, shapeOf } from "./row-statement";

/**
 * Puts a part to those that are to be written, with rows of its like where there are any. False: it may write a row that one of them writes,
 * which one statement must not. Where each part is a statement of its own (`isInOrder`) it is then simply put behind.
 */
export function addTo(parts: Part[], part: Part, isInOrder: boolean): boolean {
  const at = parts.findIndex((other) => isAlike(other, part));
  const alike = parts[at];
  const isAgain = parts.some((other, index) => (!isInOrder || index >= at) && mayMeet(other, part));
  if (isAgain && !isInOrder) return false;
  if (alike && !isAgain) parts[at] = { ...alike, rows: [...alike.rows, ...part.rows] };
  else parts.push(part);
  return true;
}

/** Whether both may write one row. */
function mayMeet(one: Part, other: Part): boolean {
  if (nameOfTable(one.table) !== nameOfTable(other.table) || (one.how === "insert" && other.how === "insert"))
    return false;
  return !areApart(one, other, keyFieldsOf(one)) && !areApart(one, other, keyFieldsOf(other));
}

/** Whether what says which rows the one writes says others of the other. */
function areApart(one: Part, other: Part, fields: readonly string[]): boolean {
  const [ids, others] = [idsOf(one, fields), idsOf(other, fields)];
  return ids !== null && others !== null && !ids.some((id) => others.includes(id));
}

const isAlike = (one: Part, other: Part): boolean => shapeOf(one) === shapeOf(other) && one.derived === other.derived;
