import { eq } from "drizzle-orm";
import { askOnce } from "../../../db/ask-once";
import { record } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";

/** A record's name as it is now; null for none. Of one decision it is asked once. */
export const nameOfRecord = (tx: Tx, recordId: string | null): Promise<string | null> =>
  recordId === null
    ? Promise.resolve(null)
    : askOnce(tx, `name ${recordId}`, async () => {
        const [row] = await tx.db.select({ name: record.name }).from(record).where(eq(record.recordId, recordId));
        return row?.name ?? null;
      });
