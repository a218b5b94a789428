import { randomInt } from "node:crypto";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { enqueue } from "../../db/jobs";
import { outbox } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../ids";
import type { ClaimedMail } from "./claim-mails";

/** For how long a mail is tried (F35). */
const MAX_AGE = sql`interval '5 days'`;

export type Outcome =
  | { readonly type: "sent"; readonly recipient: string }
  /** `dead`: it was tried, and nobody will take it; `skipped`: it was not tried. */
  | { readonly type: "dead" | "skipped"; readonly reason: string; readonly recipient?: string }
  | { readonly type: "later"; readonly reason: string; readonly seconds: number; readonly recipient?: string };

/** A mail that has ended forgets a secret it carried. */
const withoutSecret = sql`case when ${outbox.kind} = 'sign_in_link' then '{}'::jsonb else ${outbox.content} end`;

function changesFor(outcome: Outcome) {
  const recipient = outcome.recipient === undefined ? {} : { recipient: outcome.recipient };
  const ended = { leaseUntil: null, nextAttemptAt: null, content: withoutSecret, ...recipient };
  switch (outcome.type) {
    case "sent":
      return { ...ended, status: "sent" as const, sentAt: sql`clock_timestamp()`, lastError: null };
    case "dead":
    case "skipped":
      return { ...ended, status: outcome.type, lastError: outcome.reason };
    case "later": {
      const isTooOld = sql`${outbox.createdAt} < clock_timestamp() - ${MAX_AGE}`;
      const seconds = outcome.seconds + randomInt(Math.max(1, Math.ceil(outcome.seconds / 5)));
      return {
        leaseUntil: null,
        lastError: outcome.reason,
        ...recipient,
        status: sql`case when ${isTooOld} then 'dead' else 'queued' end`,
        nextAttemptAt: sql`case when ${isTooOld} then null else clock_timestamp() + ${seconds} * interval '1 second' end`,
      };
    }
  }
}

/**
 * Writes down how it went with a claimed mail, under its fence. One that was withdrawn while it was on its way is sent all the same, and its
 * row says so; any other outcome leaves it withdrawn.
 */
export async function recordOutcome({ messageId, fence }: ClaimedMail, outcome: Outcome): Promise<void> {
  const from = outcome.type === "sent" ? (["queued", "withdrawn"] as const) : (["queued"] as const);
  await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const siblings = outcome.type === "sent" ? [] : await holdSiblings(tx, messageId);
    const [mail] = await tx.db
      .update(outbox)
      .set(changesFor(outcome))
      .where(and(eq(outbox.messageId, messageId), eq(outbox.fence, fence), inArray(outbox.status, from)))
      .returning();
    if (mail?.status === "dead" && siblings.every(({ status }) => status === "dead")) await noteUndelivered(tx, mail);
  });
}

/** The other mails about the same assignment, locked with this one in one order, so that of two that die at once the second sees the first. */
async function holdSiblings(tx: Tx, messageId: string): Promise<{ status: string }[]> {
  const mine = alias(outbox, "mine");
  const same = and(eq(outbox.workItemId, mine.workItemId), eq(outbox.assignmentNo, mine.assignmentNo));
  const rows = await tx.db
    .select({ messageId: outbox.messageId, status: outbox.status })
    .from(outbox)
    .innerJoin(mine, and(eq(mine.messageId, messageId), same))
    .orderBy(asc(outbox.messageId))
    .for("update", { of: outbox });
  return rows.filter((row) => row.messageId !== messageId);
}

/** Nobody was told of an assignment: its run is to know, by a job, because it has rows of its own to lock. */
async function noteUndelivered(tx: Tx, { runId, workItemId, assignmentNo }: typeof outbox.$inferSelect): Promise<void> {
  if (!runId || !workItemId || assignmentNo === null) return;
  const dedupeKey = `undelivered:${workItemId}:${assignmentNo}`;
  await enqueue(tx, { kind: "note_undelivered", runId, dedupeKey, payload: { workItemId, assignmentNo } });
}
