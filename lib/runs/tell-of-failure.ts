import { and, eq, isNull } from "drizzle-orm";
import { interview } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { definitionOf, stageNamed, stepById } from "../engine/find";
import { queueMail } from "../notify/commands";
import { authorsAndAdmins } from "./queries/authors-and-admins";
import { stopOf } from "./queries/machine-steps";
import { nameOfRecord } from "./queries/name-of-record";
import type { Change } from "./record";

type Failure = { readonly error: string; readonly stepRunId: string | null };

/** One mail to the author and each admin about a run that failed: in which step, at which element of its flow, and why. */
export async function tellOfFailure(tx: Tx, change: Change, { error, stepRunId }: Failure): Promise<void> {
  const { pinned, after } = change;
  const { run } = after;
  const [recipients, recordName, where] = await Promise.all([
    authorsAndAdmins(tx.db, pinned),
    nameOfRecord(tx, run.record?.id ?? null),
    stepRunId === null ? {} : whereItFailed(tx, change, stepRunId),
  ]);
  const content = { processLabel: pinned.body.label, recordName, path: `/runs/${run.id}`, error, ...where };
  for (const recipientId of recipients) await queueMail(tx, { kind: "failure", recipientId, runId: run.id, content });
}

async function whereItFailed(tx: Tx, { pinned, after }: Change, stepRunId: string) {
  const step = stepById(after, stepRunId);
  const stage = after.stages.find(({ id }) => id === step?.stageRunId);
  if (!step || !stage) return {};
  const { label } = definitionOf(pinned.body, after, step);
  const [row] = await tx.db
    .select()
    .from(interview)
    .where(and(eq(interview.stepRunId, stepRunId), eq(interview.status, "failed"), isNull(interview.workItemId)));
  const stop = row && (await stopOf(tx.db, row, false));
  return {
    step: `${label}, in ${stageNamed(pinned.body, stage.name).label}`,
    trace: stop
      ? stop.at.map(({ flow, version, element }) => `${element} of ${flow}, version ${version}`)
      : step.errorElement === null
        ? []
        : [step.errorElement],
  };
}
