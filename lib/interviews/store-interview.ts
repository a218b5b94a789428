import { and, eq, isNull, sql } from "drizzle-orm";
import { interview } from "../../db/schema/work";
import type { Tx } from "../../db/transaction";
import type { InterviewState, Request } from "../flow/interview";
import { newId } from "../ids";
import type { Paused } from "./carry-on";

export type Background = {
  readonly flow: { readonly name: string; readonly version: number };
  readonly state: InterviewState;
  readonly status: (typeof interview.$inferSelect)["status"];
  readonly runAs: string | null;
  /** The job that carries it on; null while it waits. */
  readonly jobId: string | null;
};

/** The interview of a background step as it stands, or null when it has not begun. Locked until the transaction ends. */
export async function readBackground(tx: Tx, stepRunId: string): Promise<Background | null> {
  const [row] = await tx.db
    .select({
      ...{ state: interview.state, status: interview.status, runAs: interview.runAs, jobId: interview.jobId },
      flow: { name: interview.flowName, version: interview.flowVersion },
    })
    .from(interview)
    .where(and(eq(interview.stepRunId, stepRunId), isNull(interview.workItemId)))
    .for("update");
  return row ? { ...row, state: row.state as InterviewState } : null;
}

type Storing = {
  readonly runId: string;
  readonly stepRunId: string;
  readonly flow: { readonly name: string; readonly version: number };
  readonly paused: Pick<Paused, "state" | "request">;
  readonly runAs: string | null;
  readonly jobId: string | null;
};

const STATUS: Readonly<Partial<Record<Request["type"], Background["status"]>>> = {
  wait: "waiting",
  end: "finished",
  failure: "failed",
};

/** Writes down where a background step's flow stands: one row a step run. */
export async function storeBackground(
  tx: Tx,
  { runId, stepRunId, flow, paused, runAs, jobId }: Storing,
): Promise<void> {
  const { state, request } = paused;
  const failure =
    request.type === "failure"
      ? { error: request.message, errorElement: request.element }
      : { error: null, errorElement: null };
  const status = STATUS[request.type] ?? "open";
  const now = {
    state,
    status,
    runAs,
    jobId: status === "open" ? jobId : null,
    ...failure,
    updatedAt: sql`clock_timestamp()`,
  };
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
