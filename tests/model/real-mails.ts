import { and, eq, sql } from "drizzle-orm";
import { db } from "../../db/client";
import { outbox } from "../../db/schema";
import { deliver } from "../../lib/notify/deliver";
import { openTransport, type Transport } from "../../lib/notify/open-transport";
import { aMailServer, type MailServer } from "../support/mail-server";
import { doJob } from "./real-jobs";

/** The mails of random cases, to a mail server that takes them, puts them off or refuses them. */
export type Post = { readonly server: MailServer; readonly transport: Transport };
export type Answer = "taken" | "later" | "refused";

export async function aPostOffice(): Promise<Post> {
  const server = await aMailServer();
  return { server, transport: openTransport(server.url) };
}

export async function closePost({ server, transport }: Post): Promise<void> {
  transport.close();
  await server.close();
}

const STATUS: Readonly<Record<Answer, number | null>> = { taken: null, later: 450, refused: 550 };

/** An assignment of which nobody heard, by the item's id. */
export type Unheard = { readonly workItemId: string; readonly assignmentNo: number };

/** Mails of other cases are nobody's business here. */
export const forgetMails = () =>
  db()
    .update(outbox)
    .set({ status: "withdrawn", nextAttemptAt: null, lastError: "an earlier case" })
    .where(eq(outbox.status, "queued"));

/** Delivers what is due, with that answer to all; gives the assignments of which by that nobody hears any more, whose jobs are left undone. */
export async function deliverAll({ server, transport }: Post, runId: string, answer: Answer): Promise<Unheard[]> {
  const status = STATUS[answer];
  server.answer = () => (status === null ? null : { status, text: "so it is" });
  const before = await unheard(runId);
  while ((await deliver(transport)).taken > 0);
  const known = new Set(before.map(nameOf));
  return (await unheard(runId)).filter((one) => !known.has(nameOf(one)));
}

const nameOf = ({ workItemId, assignmentNo }: Unheard) => `${workItemId} ${assignmentNo}`;

/** Assignments all of whose mails are dead (A16). */
async function unheard(runId: string): Promise<Unheard[]> {
  const rows = await db()
    .select({ workItemId: outbox.workItemId, assignmentNo: outbox.assignmentNo })
    .from(outbox)
    .where(and(eq(outbox.runId, runId), sql`${outbox.workItemId} is not null and ${outbox.assignmentNo} is not null`))
    .groupBy(outbox.workItemId, outbox.assignmentNo)
    .having(sql`bool_and(${outbox.status} = 'dead')`)
    .orderBy(outbox.workItemId, outbox.assignmentNo);
  return rows.flatMap(({ workItemId, assignmentNo }) =>
    workItemId !== null && assignmentNo !== null ? [{ workItemId, assignmentNo }] : [],
  );
}

/** The run hears of each, by a job. */
export async function tellUnheard(runId: string, all: readonly Unheard[]): Promise<void> {
  for (const { workItemId } of all)
    if (!(await doJob({ runId, kind: "note_undelivered" }))) throw new Error(`nobody is told of ${workItemId}`);
}
