import { eq, sql } from "drizzle-orm";
import { announce } from "../../../db/live";
import { attachment, attachmentContent } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { isId } from "../../ids";
import type { Person } from "../../people/current-person";
import { namesOf } from "../../people/queries";
import { ok, type Result, refuse } from "../../result";
import { holdRecord } from "../hold-record";

/**
 * Takes an attachment off its record: its content is gone for good, the row stays and says who did it and when, and what was sealed with a
 * decision keeps its name and digest. Refusals: those of `holdRecord`, `file-removed` (by).
 */
export async function removeFile(tx: Tx, asker: Person, attachmentId: string): Promise<Result<null>> {
  const its = eq(attachment.attachmentId, attachmentId);
  const find = () => tx.db.select().from(attachment).where(its);
  const [found] = isId("attachment", attachmentId) ? await find() : [];
  if (!found) return refuse("not-found");
  const held = await holdRecord(tx, asker, found.recordId);
  if (!held.ok) return held;
  // Behind the record's lock: somebody else may have removed it meanwhile.
  const [row] = await find();
  if (!row) return refuse("not-found");
  const { name, sha256, recordId, removedBy } = row;
  if (removedBy !== null) {
    const names = await namesOf(tx.db, [{ type: "user", id: removedBy }]);
    return refuse("file-removed", { details: { name, by: names[removedBy] ?? "somebody" } });
  }
  const { userId } = held.value.who;
  await tx.db.update(attachment).set({ removedBy: userId, removedAt: sql`clock_timestamp()` }).where(its);
  await tx.db.delete(attachmentContent).where(eq(attachmentContent.attachmentId, attachmentId));
  const done = { actorId: userId, objectId: attachmentId, allowed: true, details: { recordId, name, sha256 } };
  await recordSecurityEvent(tx, { action: "attachment-remove", ...done });
  announce(tx, { topic: "record", recordId });
  return ok(null);
}
