import { idsOf, nameOfTable, type Part, shapeOf } from "./row-statement";
import { sendParts, type Tx } from "./transaction";

/**
 * Writes rows, soon: what is written until the next statement or COMMIT is one statement, which travels with it. What goes wrong is told
 * then.
 */
export function writeRows(tx: Tx, parts: readonly Part[]): void {
  for (const part of parts) {
    if (part.rows.length === 0) continue;
    if (tx.parts.some((other) => mayMeet(other, part))) sendParts(tx);
    const alike = tx.parts.findIndex((other) => isAlike(other, part));
    const before = tx.parts[alike];
    // Parts of one statement are written in no order that one could rely on, rows of one part are.
    if (before) tx.parts[alike] = { ...before, rows: [...before.rows, ...part.rows] };
    else tx.parts.push(part);
  }
}

/** Whether both may write one row, which one statement must not. */
function mayMeet(one: Part, other: Part): boolean {
  if (nameOfTable(one.table) !== nameOfTable(other.table) || (one.how === "insert" && other.how === "insert"))
    return false;
  const [ids, others] = [idsOf(one), idsOf(other)];
  return !ids || !others || ids.some((id) => others.includes(id));
}

const isAlike = (one: Part, other: Part): boolean =>
  one.how === "insert" && shapeOf(one) === shapeOf(other) && one.derived === other.derived;
