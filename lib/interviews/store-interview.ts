import { askedTogether } from "../../db/asked-together";
import { interview } from "../../db/schema/work";
import { later, type Tx } from "../../db/transaction";
import { writeRows } from "../../db/write-rows";
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
  const rows = await (tx.isShared ? lockTogether(tx, stepRunId) : lockInterviews(tx, [stepRunId]));
  const row = rows.find((one) => one.step === stepRunId);
  if (!row) return null;
  const { name, version, step: _, ...left } = row;
  return { ...left, flow: { name, version } };
}

type Row = Omit<Background, "flow"> & { readonly step: string; readonly name: string; readonly version: number };

const lockInterviews = (tx: Tx, stepRunIds: readonly string[]): Promise<Row[]> => tx.sql<Row[]>`
  select step_run_id as step, flow_name as name, flow_version as version, state, status, run_as as "runAs", job_id as "jobId"
  from unnest(${[...stepRunIds]}::text[]) as given (id), interview
  where step_run_id = given.id and work_item_id is null and given.id || '' = given.id order by step_run_id for update of interview`;
const lockTogether = askedTogether(lockInterviews);

type Storing = {
  readonly runId: string;
  readonly stepRunId: string;
  readonly flow: { readonly name: string; readonly version: number };
  readonly paused: Pick<Paused, "state" | "request">;
  readonly runAs: string | null;
  readonly jobId: string | null;
  /** Whether it begins with this; then an end right away leaves nothing but a trace, because the step's own row has the outputs. */
  readonly isNew: boolean;
};

const STATUS: Readonly<Partial<Record<Request["type"], Background["status"]>>> = {
  wait: "waiting",
  end: "finished",
  failure: "failed",
};

/** Writes down where a background step's flow stands: one row a step run, if it stops anywhere; sent and not awaited. */
export function storeBackground(tx: Tx, { runId, stepRunId, flow, paused, runAs, jobId, isNew }: Storing): void {
  const { state, request } = paused;
  if (isNew && request.type === "end" && !state.trace) return;
  const [error, element] = request.type === "failure" ? [request.message, request.element] : [null, null];
  const status = STATUS[request.type] ?? "open";
  later(
    tx,
    tx.sql`
      insert into interview (interview_id, run_id, step_run_id, flow_name, flow_version, status, state, run_as, job_id, error, error_element, created_at, updated_at)
      values (${newId("interview")}, ${runId}, ${stepRunId}, ${flow.name}, ${flow.version}, ${status}, ${JSON.stringify(state)}::text::jsonb,
        ${runAs}, ${status === "open" ? jobId : null}, ${error}, ${element}, clock_timestamp(), clock_timestamp())
      on conflict (step_run_id) where work_item_id is null do update set status = excluded.status, state = excluded.state, run_as = excluded.run_as,
        job_id = excluded.job_id, error = excluded.error, error_element = excluded.error_element, updated_at = excluded.updated_at`,
  );
}

const OF_CLOSE = { updatedAt: "clock_timestamp()" };

/** The flow of a background step that ended otherwise is carried on no more: no row says that it runs or waits. Sent and not awaited. */
export function closeBackground(
  tx: Tx,
  { runId, stepRunId }: { readonly runId: string; readonly stepRunId: string },
): void {
  const only = "interview.work_item_id is null and interview.status in ('open', 'waiting')";
  const closed = { status: "closed", jobId: null, updatedAt: null } as const;
  writeRows(tx, [
    {
      ...{ table: interview, how: "update", by: ["runId", "stepRunId"], only },
      ...{ rows: [{ runId, stepRunId, ...closed }], derived: OF_CLOSE },
    },
  ]);
}
