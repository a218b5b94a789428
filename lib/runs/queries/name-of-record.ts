import { eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { record } from "../../../db/schema";

/** A record's name as it is now; null for none. */
export async function nameOfRecord(db: Database, recordId: string | null): Promise<string | null> {
  if (recordId === null) return null;
  const [row] = await db.select({ name: record.name }).from(record).where(eq(record.recordId, recordId));
  return row?.name ?? null;
}
