import { and, eq, isNotNull, isNull, or } from "drizzle-orm";
import { enqueueAll } from "../../db/jobs";
import { wait } from "../../db/schema/runs";
import type { RecordChange, Tx } from "../../db/transaction";
import type { AwaitedEvent } from "../flow/interview";
import { evaluate } from "../logic/evaluate";
import { pathsOf } from "../logic/reads";
import { type Lookup, readPath } from "../logic/references";
import { ownProperty, type Value } from "../logic/value";
import { resolvePaths } from "../records/queries/resolve-paths";
import type { WaitDetail } from "./open-waits";

type Change = Extract<AwaitedEvent, { type: "record_change" }>;

/**
 * Leaves a job for each flow that may have waited for this change, in the transaction that saves the record. A wait for a condition only
 * looks again; a wait for a change is held against the record as it was saved, here and now, because the next save may change it back.
 */
export async function wakeInterviews(tx: Tx, change: RecordChange): Promise<void> {
  const waiting = await tx.db
    .select({ runId: wait.runId, waitId: wait.waitId, stepRunId: wait.stepRunId, detail: wait.detail })
    .from(wait)
    .where(
      and(
        isNull(wait.resolvedAt),
        isNotNull(wait.stepRunId),
        or(eq(wait.recordId, change.id), eq(wait.objectName, change.object)),
      ),
    )
    .orderBy(wait.waitId);
  const jobs: Parameters<typeof enqueueAll>[1][number][] = [];
  for (const { runId, waitId, stepRunId, detail } of waiting) {
    const { event } = detail as WaitDetail;
    if (stepRunId === null || !(await isAwaited(tx, event, change))) continue;
    const recordId = event.type === "record_change" && change.after !== null ? { recordId: change.id } : {};
    // Two records that are saved are two events: the flow may be let see one of them only.
    const dedupeKey = `resume:${waitId}:${recordId.recordId ?? ""}`;
    jobs.push({ kind: "resume_flow", runId, stepRunId, dedupeKey, payload: { waitId, ...recordId } });
  }
  await enqueueAll(tx, jobs);
}

async function isAwaited(tx: Tx, event: AwaitedEvent, change: RecordChange): Promise<boolean> {
  if (event.type !== "record_change") return true;
  const { before, after } = change;
  // Of a record that is gone nothing can come any more: the flow is to know.
  if (after === null) return event.record !== null;
  if (event.on === (before ? "create" : "update")) return false;
  return event.condition === null || holds(tx, event, { ...change, after });
}

type Values = { readonly [name: string]: Value };

async function holds(
  tx: Tx,
  { condition, known }: Change,
  { object, id, before, after }: RecordChange & { readonly after: Values },
): Promise<boolean> {
  if (!condition) return true;
  const ofRecord = pathsOf(condition).flatMap((path) =>
    path.startsWith("$Record.") ? [path.slice("$Record.".length)] : [],
  );
  const behind = ofRecord.some((path) => path.includes(".")) ? await resolvePaths(tx.db, { object, id }, ofRecord) : {};
  const at =
    (record: Values): Lookup =>
    (path) => {
      const [head = "", ...rest] = path.split(".");
      if (head === "$Record__Prior") return readPath(before ?? {}, rest.join("."));
      return head === "$Record" ? readPath(record, rest.join(".")) : ownProperty(known, path);
    };
  return evaluate(condition, at({ ...behind, ...after }), { prior: at({ ...behind, ...before }) }).met;
}
