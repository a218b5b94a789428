import { and, eq, isNull, sql } from "drizzle-orm";
import { interview } from "../../db/schema/work";
import type { Tx } from "../../db/transaction";
import type { InterviewState } from "../flow/interview";
import { newId } from "../ids";
import type { Paused } from "./carry-on";

/** The interview of a background step as it stands, or null when it has not begun. Locked until the transaction ends. */
export async function readBackground(
  tx: Tx,
  stepRunId: string,
): Promise<{ interviewId: string; state: InterviewState } | null> {
  const [row] = await tx.db
    .select({ interviewId: interview.interviewId, state: interview.state })
    .from(interview)
    .where(and(eq(interview.stepRunId, stepRunId), isNull(interview.workItemId)))
    .for("update");
  return row ? { interviewId: row.interviewId, state: row.state as InterviewState } : null;
}

type Background = {
  readonly runId: string;
  readonly stepRunId: string;
  readonly flow: { readonly name: string; readonly version: number };
  readonly paused: Paused;
};

const STATUS = { screen: "open", action: "open", end: "finished", failure: "failed" } as const;

/** Writes down where a background step's flow stands: one row a step run. */
export async function storeBackground(tx: Tx, { runId, stepRunId, flow, paused }: Background): Promise<void> {
  const { state, request } = paused;
  const failure =
    request.type === "failure"
      ? { error: request.message, errorElement: request.element }
      : { error: null, errorElement: null };
  const now = { state, status: STATUS[request.type], ...failure, updatedAt: sql`clock_timestamp()` };
  await tx.db
    .insert(interview)
    .values({
      interviewId: newId("interview"),
      runId,
      stepRunId,
      flowName: flow.name,
      flowVersion: flow.version,
      createdAt: sql`clock_timestamp()`,
      ...now,
    })
    .onConflictDoUpdate({ target: interview.stepRunId, targetWhere: sql`work_item_id is null`, set: now });
}
