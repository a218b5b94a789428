import { and, eq } from "drizzle-orm";
import { assignment } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { itemById } from "../engine/find";
import { isBarredFrom } from "../engine/own-request";
import type { WorkItem } from "../engine/state";
import { queueMail } from "../notify/commands";
import { membersOf } from "../people/queries";
import { pathOfRecord } from "./path-of-record";
import { nameOfRecord } from "./queries/name-of-record";
import type { Change } from "./record";
import { standInsOn } from "./stand-ins-on";

/** Reminds whoever an open item waits for, and whoever may decide it in their place now: once a rung of its ladder, whatever is repeated. */
export async function remindOf(
  tx: Tx,
  change: Change,
  { workItemId, n }: { readonly workItemId: string; readonly n: number },
): Promise<void> {
  const item = itemById(change.after, workItemId);
  if (item?.status !== "assigned") return;
  const content = { about: "reminder", ...(await whatOf(tx, change, item)), text: null } as const;
  const holders = await holdersOf(tx, change, item);
  const standIns = (await standInsOn(tx.db, holders, onwards(change, item))).map(
    ({ delegateId, delegatorName: inPlaceOf }) => ({ recipientId: delegateId, content: { ...content, inPlaceOf } }),
  );
  for (const mail of [...holders.map((recipientId) => ({ recipientId, content })), ...standIns]) {
    const dedupeKey = `reminder:${workItemId}:${n}:${mail.recipientId}`;
    await queueMail(tx, { kind: "notice", ...mail, runId: change.after.run.id, workItemId, dedupeKey });
  }
}

/** Tells those whose item it is what was answered, and whoever asked in their place, if they still stand in for them. */
export async function tellOfAnswer(
  tx: Tx,
  change: Change,
  { workItemId }: { readonly workItemId: string },
): Promise<void> {
  const question = itemById(change.after, workItemId);
  const asked = question?.parentId ? itemById(change.after, question.parentId) : undefined;
  if (!question || asked?.status !== "assigned") return;
  const first = and(
    eq(assignment.runId, change.after.run.id),
    eq(assignment.workItemId, workItemId),
    eq(assignment.assignmentNo, 1),
  );
  const [what, holders, askers] = await Promise.all([
    whatOf(tx, change, asked),
    holdersOf(tx, change, asked),
    tx.db.select({ id: assignment.byId }).from(assignment).where(first),
  ]);
  const content = { about: "answer", ...what, text: question.comments } as const;
  const standIns = await standInsOn(tx.db, holders, onwards(change, asked));
  const told = standIns.flatMap(({ delegateId }) => (askers.some(({ id }) => id === delegateId) ? [delegateId] : []));
  for (const recipientId of [...holders, ...told]) {
    const dedupeKey = `answer:${workItemId}:${recipientId}`;
    await queueMail(tx, { kind: "notice", content, runId: change.after.run.id, recipientId, dedupeKey });
  }
}

const onwards = ({ pinned: process, after: state }: Change, item: WorkItem) => ({ process, state, item });

async function whatOf(tx: Tx, { pinned }: Change, { id, label, record, dueAt }: WorkItem) {
  const recordName = await nameOfRecord(tx, record?.id ?? null);
  const path = `${pathOfRecord(record) ?? "/work"}?item=${encodeURIComponent(id)}`;
  return { label, processLabel: pinned.body.label, recordName, path, dueAt };
}

/** Whoever claimed it; else its person, or everybody in its group or queue who may do it. */
async function holdersOf(tx: Tx, { pinned, after }: Change, item: WorkItem): Promise<readonly string[]> {
  const { claimedBy, assignee } = item;
  if (claimedBy !== null) return [claimedBy];
  const holders = assignee.type === "user" ? [assignee.id] : await membersOf(tx.db, assignee);
  return holders.filter((userId) => !isBarredFrom({ definition: pinned.body, state: after }, item, userId));
}
