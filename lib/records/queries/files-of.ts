import { and, asc, desc, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { attachment, attachmentContent, type record } from "../../../db/schema";
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

/** As `filesAsked` has it. */
type Json = Omit<FileRow, "uploadedAt" | "removedBy" | "removedAt"> & { readonly uploadedAt: string };

/** The same as a value of a question about the record, for `filesIn`. */
export const filesAsked = (recordId: (typeof record)["recordId"]): SQL<readonly Json[]> => sql`(
  select coalesce(json_agg(json_build_object('attachmentId', a.attachment_id, 'recordId', a.record_id, 'name', a.name, 'mediaType', a.media_type,
    'size', a.size, 'sha256', a.sha256, 'uploadedBy', a.uploaded_by, 'uploadedAt', a.uploaded_at) order by a.uploaded_at, a.attachment_id), '[]'::json)
  from attachment a where a.record_id = ${recordId} and a.removed_at is null)`;

export const filesIn = (asked: readonly Json[]): FileRow[] =>
  asked.map((file) => ({ ...file, uploadedAt: new Date(file.uploadedAt), removedBy: null, removedAt: null }));

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
