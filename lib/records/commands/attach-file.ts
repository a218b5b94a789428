import { createHash } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { announce } from "../../../db/live";
import { attachment } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { newId } from "../../ids";
import type { Person } from "../../people/current-person";
import { ok, type Result, refuse } from "../../result";
import { holdRecord } from "../hold-record";
import { fileSize, MAX_BYTES_OF_PERSON, MAX_FILES, type NamedFile } from "../schema/attachment";

type Upload = { readonly recordId: string; readonly file: NamedFile; readonly bytes: Buffer };

/**
 * Attaches a file, judged already, to a record. It is no change of a field: the record keeps its version, so that nobody's open form is in vain,
 * and no record-triggered run starts. Refusals: those of `holdRecord`, `too-many-files`, `too-much-attached`.
 */
export async function attachFile(
  tx: Tx,
  asker: Person,
  { recordId, file, bytes }: Upload,
): Promise<Result<{ id: string }>> {
  const held = await holdRecord(tx, asker, recordId);
  if (!held.ok) return held;
  const { who } = held.value;
  const tooMuch = await beyondBounds(tx, who, { recordId, name: file.name, size: bytes.length });
  if (tooMuch) return tooMuch;
  const id = newId("attachment");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await tx.db.insert(attachment).values({
    ...{ attachmentId: id, recordId, name: file.name, mediaType: file.mediaType, size: bytes.length, sha256 },
    ...{ uploadedBy: who.userId, uploadedAt: sql`clock_timestamp()` },
  });
  await tx.sql`insert into attachment_content (attachment_id, bytes) values (${id}, ${bytes})`;
  announce(tx, { topic: "record", recordId });
  return ok({ id });
}

/** Asked with the record locked, and with what else the person is attaching waiting for this. */
async function beyondBounds(
  tx: Tx,
  { userId }: Person,
  { recordId, name, size }: { recordId: string; name: string; size: number },
) {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`attachments of ${userId}`}, 0))`;
  const [files, [own]] = await Promise.all([
    tx.db.$count(attachment, and(eq(attachment.recordId, recordId), isNull(attachment.removedAt))),
    tx.db
      .select({ bytes: sql<number>`coalesce(sum(${attachment.size}), 0)::float8` })
      .from(attachment)
      .where(and(eq(attachment.uploadedBy, userId), isNull(attachment.removedAt))),
  ]);
  if (files >= MAX_FILES) return refuse("too-many-files", { details: { name, limit: MAX_FILES } });
  if ((own?.bytes ?? 0) + size <= MAX_BYTES_OF_PERSON) return null;
  return refuse("too-much-attached", { details: { name, limit: fileSize(MAX_BYTES_OF_PERSON) } });
}
