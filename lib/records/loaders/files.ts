import { eq } from "drizzle-orm";
import { db } from "../../../db/client";
import { attachment, object, record } from "../../../db/schema";
import { isId } from "../../ids";
import { requirePerson } from "../../people/current-person";
import { contentOf, listFiles } from "../queries/files-of";
import { rightsOn } from "../queries/where-visible";
import type { ShownFile } from "../schema/attachment";

/** What is attached to a record that the person may read, which the caller has asked the gate. */
export const filesOnRecord = (recordId: string): Promise<ShownFile[]> => listFiles(db(), recordId);

export type SentFile = { readonly name: string; readonly mediaType: string; readonly bytes: Buffer };

/** A file for downloading (S70); null: there is none, it was removed, or its record is not the person's to see. */
export async function fileToSend(attachmentId: string): Promise<SentFile | null> {
  const person = await requirePerson();
  if (!isId("attachment", attachmentId)) return null;
  const [row] = await db()
    .select({
      ...{ name: attachment.name, mediaType: attachment.mediaType },
      ...{ recordId: record.recordId, ownerId: record.ownerId, othersMay: object.othersMay },
    })
    .from(attachment)
    .innerJoin(record, eq(record.recordId, attachment.recordId))
    .innerJoin(object, eq(object.objectName, record.objectName))
    .where(eq(attachment.attachmentId, attachmentId));
  if (!row || !(await rightsOn(db(), person, row)).read) return null;
  const bytes = await contentOf(db(), attachmentId);
  return bytes && { name: row.name, mediaType: row.mediaType, bytes };
}
