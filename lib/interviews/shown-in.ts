import { eq } from "drizzle-orm";
import { record, type workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { filesOf, sealedFile } from "../records/queries/files-of";
import { isAsShown, type ShownRecord } from "../records/schema/shown-record";
import type { KeptShown } from "./schema";
import type { InterviewRow } from "./show-screen";

type Now = Parameters<typeof isAsShown>[1] & { readonly name: string };

/** Of an approval what its record is now, which nobody changes from here to the end of the transaction; null for other work. */
export async function holdShown(tx: Tx, { kind, recordId }: typeof workItem.$inferSelect): Promise<Now | null> {
  if (kind !== "approval") return null;
  const [row] =
    recordId === null
      ? []
      : await tx.db
          .select({ name: record.name, version: record.version })
          .from(record)
          .where(eq(record.recordId, recordId))
          .for("update");
  const files = row && recordId !== null ? (await filesOf(tx.db, recordId)).map(sealedFile) : [];
  return { record: row ?? null, files, name: row?.name ?? "" };
}

/** To be kept with the screens that are shown now, of which those `before` went on by themselves. */
export function keptShown(now: Now | null, before: KeptShown | null = null): KeptShown | null {
  if (!now) return null;
  const recordVersion = now.record?.version ?? null;
  return { from: before ? before.from : recordVersion, recordVersion, attachments: now.files.map(({ id }) => id) };
}

/** What is kept of the screen that is sent, when its record is `now`: what was shown with it by the screens' own doing, or on the page. */
export const keptBefore = (now: Now | null, { shown: kept }: InterviewRow): KeptShown | null =>
  kept !== null && kept.recordVersion === now?.record?.version ? kept : keptShown(now);

/** Whether a record is another than what the page says it showed, or, where it says nothing, than when the screens were opened. */
export function isOther(now: Now | null, said: ShownRecord, { shown: kept }: InterviewRow): boolean {
  if (!now) return false;
  const isBeforeOwn = said.recordVersion === undefined || said.recordVersion === (kept?.from ?? null);
  const recordVersion = isBeforeOwn ? kept?.recordVersion : said.recordVersion;
  return !isAsShown({ recordVersion, attachments: said.attachments ?? kept?.attachments }, now);
}
