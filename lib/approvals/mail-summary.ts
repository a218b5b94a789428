import { and, eq } from "drizzle-orm";
import { type Database, db } from "../../db/client";
import { assignment, run, stepRun, submission, user, workItem } from "../../db/schema";
import type { ApprovalSummary } from "../../emails/content";
import { orchestrationVersion } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import type { Proof } from "../logic/schema";
import type { Asked } from "../notify/summary-port";
import { namesOf } from "../people/queries";
import { whyHere } from "../work/queries/why-here";

type Found = NonNullable<Awaited<ReturnType<typeof findItem>>>;

/**
 * What the mail about an approval item says of it, as things are when it is sent: read as Baton itself, so nothing of the record but what the
 * author marked (S56). Null: the item is not with that assignment any more.
 */
export async function summariseForMail({ workItemId, assignmentNo }: Asked): Promise<ApprovalSummary | null> {
  const found = await findItem(db(), workItemId);
  if (found?.item.assignmentNo !== assignmentNo) return null;
  const pinned = await orchestrationVersion(db(), found.definitionId, found.definitionVersion);
  if (!pinned) return null;
  const step = stepsOf(pinned.body).find(({ name }) => name === found.step.name);
  if (step?.kind !== "approval") return null;
  const [askedBy, why] = await Promise.all([nameOf(db(), found.submittedBy), whyInMail(db(), found, pinned.body)]);
  return {
    askedBy,
    comments: found.comments || null,
    facts: [],
    changes: [],
    why,
    due: null,
    outcomes: [],
    takesReply: true,
  };
}

const stepsOf = ({ elements }: Orchestration) =>
  elements.flatMap((element) => (element.type === "stage" ? element.steps : []));

async function findItem(database: Database, workItemId: string) {
  const [row] = await database
    .select({
      item: workItem,
      step: { name: stepRun.name, entryProof: stepRun.entryProof },
      definitionId: run.definitionId,
      definitionVersion: run.definitionVersion,
      submittedBy: submission.submittedBy,
      comments: submission.comments,
    })
    .from(workItem)
    .innerJoin(run, eq(run.runId, workItem.runId))
    .innerJoin(stepRun, and(eq(stepRun.runId, workItem.runId), eq(stepRun.stepRunId, workItem.stepRunId)))
    .leftJoin(submission, eq(submission.runId, workItem.runId))
    .where(and(eq(workItem.workItemId, workItemId), eq(workItem.status, "assigned")));
  return row ?? null;
}

/** Null for Baton itself, too. */
async function nameOf(database: Database, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const [row] = await database
    .select({ name: user.name })
    .from(user)
    .where(and(eq(user.userId, userId), eq(user.kind, "person")));
  return row?.name ?? null;
}

async function whyInMail(database: Database, { item, step }: Found, definition: Orchestration): Promise<string> {
  const { assigneeType: type, assigneeId: id, assignmentNo } = item;
  const [names, moved] = await Promise.all([
    namesOf(database, [{ type, id }]),
    assignmentNo === 1 ? null : lastMove(database, item),
  ]);
  return whyHere({
    proof: step.entryProof && withoutValues(step.entryProof),
    stageLabel: item.stageLabel,
    stepLabels: new Map(stepsOf(definition).map(({ name, label }) => [name, label])),
    assigneeName: type === "user" ? "you" : (names[id] ?? "you"),
    flag: item.flag,
    moved,
  });
}

/** What a condition saw of how the run stands; what it saw of the record is no mail's to tell. */
const withoutValues = (proof: Proof): Proof => ({
  ...proof,
  requirements: proof.requirements.filter(({ left }) => /^[A-Za-z]\w*\.(Status|HasError|WasVisited)$/.test(left)),
});

async function lastMove(
  database: Database,
  { runId, workItemId, assignmentNo }: Found["item"],
): Promise<{ byName: string; reason: string } | null> {
  const [last] = await database
    .select({ by: user.name, reason: assignment.reason })
    .from(assignment)
    .leftJoin(user, eq(user.userId, assignment.byId))
    .where(
      and(
        eq(assignment.runId, runId),
        eq(assignment.workItemId, workItemId),
        eq(assignment.assignmentNo, assignmentNo),
      ),
    )
    .limit(1);
  return last ? { byName: last.by ?? "Baton", reason: last.reason } : null;
}
