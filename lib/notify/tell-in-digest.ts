import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { queueMails } from "../../db/outbox";
import { outbox } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { compose } from "../../emails/compose";
import type { DigestLine, MailContent, MailContents } from "../../emails/content";

/** What a digest names, in its order; of the rest it says how many there are. */
const MAX_LINES = 50;

export type Mail = typeof outbox.$inferSelect;
type Digest = MailContents["digest"];

/** Kinds that lead a person to a page, where they find what the mail would have said. */
export const GATHERED: readonly string[] = ["assignment", "submission", "failure"];

/** A person's mail as a line of a digest; null for what has to be read itself. */
export function lineOf({ kind, content, recipientId, workItemId, assignmentNo }: Mail): DigestLine | null {
  const mail = { kind, content } as MailContent;
  if (recipientId === null) return null;
  if (mail.kind !== "assignment" && mail.kind !== "submission" && mail.kind !== "failure") return null;
  return { subject: compose(mail, "").subject, path: mail.content.path, workItemId, assignmentNo };
}

type Gathered = {
  readonly recipientId: string;
  readonly because: Digest["because"] | null;
  readonly mails: readonly Mail[];
  /** When the digest goes; one that waits already keeps its time. */
  readonly at: SQL;
  readonly reason: string;
};

/** Lets mails end as lines of the digest that waits for this person for the same cause, or begins one. */
export async function tellInDigest(tx: Tx, { recipientId, because, mails, at, reason }: Gathered): Promise<void> {
  const lines = mails.flatMap((mail) => lineOf(mail) ?? []);
  if (lines.length === 0) return;
  const isOpen = and(
    eq(outbox.recipientId, recipientId),
    eq(outbox.kind, "digest"),
    eq(outbox.status, "queued"),
    eq(outbox.attempts, 0),
    sql`${outbox.content}->>'because' is not distinct from ${because}`,
  );
  const [open] = await tx.db.select().from(outbox).where(isOpen).for("update");
  const before = open ? (open.content as Digest) : { lines: [], count: 0 };
  const content: Digest = {
    lines: [...before.lines, ...lines].slice(0, MAX_LINES),
    count: before.count + lines.length,
    ...(because && { because }),
  };
  if (!open) await queueMails(tx, [{ kind: "digest", content, recipientId }]);
  await tx.db
    .update(outbox)
    .set({ content, ...(open && because ? {} : { nextAttemptAt: at }) })
    .where(isOpen);
  await tx.db
    .update(outbox)
    .set({ status: "skipped", lastError: `${reason}: told in a digest`, nextAttemptAt: null })
    .where(
      inArray(
        outbox.messageId,
        mails.map(({ messageId }) => messageId),
      ),
    );
}
