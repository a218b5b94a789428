import { and, asc, desc, eq, isNotNull, isNull } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { attachment, attachmentContent } from "../../../db/schema";
import { namesOf } from "../../people/queries";
import type { ShownFile } from "../schema/attachment";
import type { SealedFile } from "../schema/sealed-file";

/** Removed files that a record's page still names, the newest. */
const MAX_REMOVED = 20;

export type FileRow = typeof attachment.$inferSelect;

/** What is attached to a record now, the oldest first, whoever asks: the caller asks the gate. */
export const filesOf = (db: Database, recordId: string): Promise<FileRow[]> =>
  db
    .select()
    .from(attachment)
    .where(and(eq(attachment.recordId, recordId), isNull(attachment.removedAt)))
    .orderBy(asc(attachment.uploadedAt), asc(attachment.attachmentId));

/** As it is sealed with a decision. */
export const sealedFile = ({ attachmentId, name, sha256 }: FileRow): SealedFile => ({ id: attachmentId, name, sha256 });

/** As pages show it. */
export const shownFile = (row: FileRow, nameOf: (id: string) => string): ShownFile => ({
  ...{ id: row.attachmentId, name: row.name, size: row.size },
  ...{ byName: nameOf(row.uploadedBy), at: row.uploadedAt.toISOString() },
  removed:
    row.removedBy === null || row.removedAt === null
      ? null
      : { byName: nameOf(row.removedBy), at: row.removedAt.toISOString() },
});

/** What is attached to a record, and behind it what was removed from it. */
export async function listFiles(db: Database, recordId: string): Promise<ShownFile[]> {
  const [files, removed] = await Promise.all([
    filesOf(db, recordId),
    db
      .select()
      .from(attachment)
      .where(and(eq(attachment.recordId, recordId), isNotNull(attachment.removedAt)))
      .orderBy(desc(attachment.removedAt), asc(attachment.attachmentId))
      .limit(MAX_REMOVED),
  ]);
  const rows = [...files, ...removed];
  const people = rows.flatMap(({ uploadedBy, removedBy }) => [uploadedBy, ...(removedBy === null ? [] : [removedBy])]);
  const names = await namesOf(
    db,
    people.map((id) => ({ type: "user", id })),
  );
  return rows.map((row) => shownFile(row, (id) => names[id] ?? "Automated Process"));
}

/** What a file holds; null: it was removed. */
export async function contentOf(db: Database, attachmentId: string): Promise<Buffer | null> {
  const [row] = await db
    .select({ bytes: attachmentContent.bytes })
    .from(attachmentContent)
    .where(eq(attachmentContent.attachmentId, attachmentId));
  return row?.bytes ?? null;
}
