import { eq } from "drizzle-orm";
import { enqueue } from "../../db/jobs";
import { run } from "../../db/schema/runs";
import type { Tx } from "../../db/transaction";
import { type Flow, ORCHESTRATION_EVENT } from "../flow/definition";
import type { Answer, Request, Values } from "../flow/interview";
import { isId } from "../ids";
import { deleteRecord } from "../records/commands/delete-record";
import { saveRecord } from "../records/commands/save-record";
import { findRecords } from "../records/queries/find-records";
import { recordValues } from "../records/queries/read-record";
import { ok, type Result, refuse } from "../result";
import { actionNamed } from "./action-registry";
import { judgeChain } from "./chain-port";
import { lookBehind } from "./look-behind";
import type { RunAccess } from "./run-access";

/** Records that one Delete element may find. */
const MAX_DELETED = 2_000;

type Asker = {
  readonly flow: Flow;
  readonly access: RunAccess;
  readonly runId: string;
  readonly stepRunId: string;
};

/** Does what a flow's element asks of the database or of an action, and answers it. A refusal is the element's failure. */
export async function askWorld(tx: Tx, asker: Asker, request: Request): Promise<Result<Answer>> {
  const { access } = asker;
  switch (request.type) {
    case "look_behind": {
      const { found, undeclared } = await lookBehind(tx.db, request.wants, access);
      return undeclared === null
        ? ok({ type: "found_behind", found })
        : refuse("undeclared-object", { details: { object: undeclared } });
    }
    case "get_records": {
      const { object, where, sort, limit } = request;
      const rows = await findRecords(tx.db, { object, where, limit, ...(sort ? { sort } : {}) }, access.read);
      return ok({ type: "records", records: rows.map(recordValues) });
    }
    case "create_records": {
      if (request.object === ORCHESTRATION_EVENT) return publish(tx, asker, request.values);
      const saved = await save(tx, asker, { object: request.object, values: request.values });
      return saved.ok ? ok({ type: "created", id: saved.value.id }) : saved;
    }
    case "update_records": {
      const { object, id, values } = request;
      const saved = await save(tx, asker, { object, id, values, byRun: asker.runId });
      return saved.ok ? ok({ type: "done" }) : saved;
    }
    case "delete_records":
      return deleteAll(tx, asker, request);
    case "action": {
      const perform = actionNamed(request.action);
      if (!perform) return refuse("unknown-action", { details: { name: request.action } });
      const { inputs, element } = request;
      const done = await perform(tx, { inputs, element, runId: asker.runId, stepRunId: asker.stepRunId });
      return done.ok ? ok({ type: "done" }) : done;
    }
    default:
      throw new Error(`a flow asked the database for ${request.type}`);
  }
}

/** Refused, beside what saving refuses, with `chain-too-long` where it would start runs past their bound. */
async function save(tx: Tx, { access }: Asker, input: Parameters<typeof saveRecord>[2]): ReturnType<typeof saveRecord> {
  const before = tx.recordChanges.length;
  const saved = await saveRecord(tx, access.save, input);
  for (const change of saved.ok ? tx.recordChanges.slice(before) : []) {
    const refusal = await judgeChain(tx, change);
    if (refusal) return { ok: false, refusal };
  }
  return saved;
}

async function deleteAll(
  tx: Tx,
  { access, runId }: Asker,
  { object, ids, where }: Extract<Request, { type: "delete_records" }>,
): Promise<Result<Answer>> {
  const found =
    ids ??
    (await findRecords(tx.db, { object, where, limit: MAX_DELETED + 1 }, access.read)).map((row) => row.recordId);
  if (found.length > MAX_DELETED) return refuse("too-many-to-delete", { details: { limit: MAX_DELETED } });
  // In one order for everybody, so that two flows do not wait for one another's records.
  for (const id of [...new Set(found)].sort()) {
    const deleted = await deleteRecord(tx, access.save, { object, id, byRun: runId });
    if (!deleted.ok) return deleted;
  }
  return ok({ type: "done" });
}

/**
 * Publishes a Flow Orchestration Event (semantics A10): a job that makes the run look again, and its history say which flow asked for it.
 * Each publication is one of its own.
 */
async function publish(tx: Tx, { flow, runId }: Asker, values: Values): Promise<Result<Answer>> {
  const wanted = values.OrchestrationInstanceId;
  const [found] =
    typeof wanted === "string" && isId("run", wanted)
      ? await tx.db.select({ runId: run.runId }).from(run).where(eq(run.runId, wanted))
      : [];
  if (!found) return refuse("no-such-run");
  const cause = { type: "flow", flow: flow.name, runId: runId === "" ? null : runId };
  await enqueue(tx, { kind: "wake", runId: found.runId, payload: cause });
  return ok({ type: "created", id: found.runId });
}
