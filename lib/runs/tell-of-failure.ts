import { and, desc, eq, isNull } from "drizzle-orm";
import { evaluation, interview } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { definitionOf, stageNamed, stepById } from "../engine/find";
import { queueMail } from "../notify/commands";
import { authorsAndAdmins } from "./queries/authors-and-admins";
import { type FailedFlow, stopOf } from "./queries/machine-steps";
import { nameOfRecord } from "./queries/name-of-record";
import { passedLately } from "./queries/traced-flows";
import type { Change } from "./record";

type Failure = { readonly error: string; readonly stepRunId: string | null; readonly isCaught?: true };

/** One mail to the author and each admin about a run that failed, or followed a fault path: in which step, at which element of its flow, what that had passed, and why. */
export async function tellOfFailure(tx: Tx, change: Change, failure: Failure): Promise<void> {
  const { pinned, after } = change;
  const { run } = after;
  const { error, isCaught = false } = failure;
  const [recipients, recordName, where] = await Promise.all([
    authorsAndAdmins(tx.db, pinned),
    nameOfRecord(tx, run.record?.id ?? null),
    whereItFailed(tx, change, failure),
  ]);
  const content = { processLabel: pinned.body.label, recordName, path: `/runs/${run.id}`, error, isCaught, ...where };
  for (const recipientId of recipients) await queueMail(tx, { kind: "failure", recipientId, runId: run.id, content });
}

async function whereItFailed(tx: Tx, { pinned, after }: Change, { stepRunId, isCaught }: Failure) {
  const step = stepRunId === null ? undefined : stepById(after, stepRunId);
  const stage = step
    ? after.stages.find(({ id }) => id === step.stageRunId)
    : after.stages.findLast(({ status }) => !isCaught || status === "error");
  if (!stage) return {};
  const stageLabel = stageNamed(pinned.body, stage.name).label;
  const failed = await failedFlow(tx, { runId: after.run.id, ownerId: step?.id ?? stage.id });
  const [stop, passed] = failed
    ? await Promise.all([stopOf(tx.db, failed, false), passedLately(tx.db, failed)])
    : [null, []];
  const trace = stop
    ? stop.at.map(({ flow, version, element }) => `${element} of ${flow}, version ${version}`)
    : (step?.errorElement ?? null) === null
      ? []
      : [step?.errorElement ?? ""];
  return {
    ...(step && { step: `${definitionOf(pinned.body, after, step).label}, in ${stageLabel}` }),
    ...{ trace, passed },
  };
}

/** The flow that failed for a step or a stage: its own, a background step's or a person's screens, else that of a condition of its. */
async function failedFlow(
  tx: Tx,
  { runId, ownerId }: { readonly runId: string; readonly ownerId: string },
): Promise<FailedFlow | null> {
  const [[ran], [asked]] = await Promise.all([
    tx.db
      .select()
      .from(interview)
      .where(and(eq(interview.stepRunId, ownerId), eq(interview.status, "failed")))
      .orderBy(desc(interview.updatedAt))
      .limit(1),
    tx.db
      .select()
      .from(evaluation)
      .where(and(eq(evaluation.runId, runId), eq(evaluation.ownerId, ownerId), isNull(evaluation.met)))
      .orderBy(desc(evaluation.askedAt))
      .limit(1),
  ]);
  return ran ?? (asked ? { ...asked, errorElement: null } : null);
}
