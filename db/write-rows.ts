import { addTo, gathered } from "./parts";
import type { Part } from "./row-statement";
import { sendParts, type Tx } from "./transaction";

/**
 * Writes rows, soon: what is written until the next statement or COMMIT travels with it. What goes wrong is told then.
 */
export function writeRows(tx: Tx, parts: readonly Part[]): void {
  for (const part of parts) {
    if (part.rows.length === 0 || addTo(tx.parts, part, tx.isShared)) continue;
    sendParts(tx);
    tx.parts.push(gathered(part));
  }
}
