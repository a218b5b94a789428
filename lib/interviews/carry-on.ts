import type { Tx } from "../../db/transaction";
import { advance } from "../flow/advance";
import type { Flow } from "../flow/definition";
import { type Answer, elementNamed, type Request, type Step } from "../flow/interview";
import { saveRecord } from "../records/commands/save-record";
import { findRecords } from "../records/queries/find-records";
import { recordValues } from "../records/queries/read-record";
import { sentenceOf } from "../refusals";
import { ok, type Refusal, type Result } from "../result";
import { actionNamed } from "./action-registry";
import { lookBehind } from "./look-behind";
import type { RunAccess } from "./run-access";

/** One flow at work: in whose name, for which step. */
export type Work = {
  readonly flow: Flow;
  readonly access: RunAccess;
  readonly runId: string;
  readonly stepRunId: string;
};

/** Characters of one interview's state as JSON. */
const MAX_STATE_CHARACTERS = 4_000_000;

type Waiting = Extract<Request, { type: "screen" | "end" | "failure" | "action" }>;
/** A step that the database cannot answer: a person, an action or the end is next. */
export type Paused = Step & { readonly request: Waiting };

const isPaused = (step: Step): step is Paused => ["screen", "end", "failure", "action"].includes(step.request.type);

/** Answers the data operations of a flow, in this transaction and with the flow's own access, until something else is wanted. */
export async function carryOn(tx: Tx, work: Work, from: Step): Promise<Paused> {
  let step = from;
  while (!isPaused(step)) step = await answered(tx, work, step);
  if (step.request.type !== "failure" && JSON.stringify(step.state).length > MAX_STATE_CHARACTERS) {
    return failed(step, `The flow holds more than ${MAX_STATE_CHARACTERS} characters of values.`);
  }
  return step;
}

/** As `carryOn`, and does the actions on the way too: for flows that live in one transaction. */
export async function carryThrough(tx: Tx, work: Work, from: Step): Promise<Paused> {
  let step = await carryOn(tx, work, from);
  while (step.request.type === "action") step = await carryOn(tx, work, await answered(tx, work, step));
  return step;
}

/** Puts one request to the world and its answer to the flow. */
export async function answered(tx: Tx, work: Work, step: Step): Promise<Step> {
  const answer = await ask(tx, work, step.request);
  if (answer.ok) return advance(work.flow, step.state, answer.value);
  const label = elementNamed(work.flow, step.state.at)?.label ?? step.state.at;
  return failed(step, `${label}: ${reasonOf(answer.refusal)}`);
}

const failed = ({ state }: Step, message: string): Paused => ({
  state,
  request: { type: "failure", element: state.at, message },
});

async function ask(tx: Tx, { access, ...work }: Work, request: Request): Promise<Result<Answer>> {
  switch (request.type) {
    case "look_behind":
      return ok({ type: "found_behind", found: await lookBehind(tx.db, request.wants, access) });
    case "get_records": {
      const { object, where, sort, limit } = request;
      const rows = await findRecords(tx.db, { object, where, limit, ...(sort ? { sort } : {}) }, access.read);
      return ok({ type: "records", records: rows.map(recordValues) });
    }
    case "create_records": {
      const saved = await saveRecord(tx, access.save, { object: request.object, values: request.values });
      return saved.ok ? ok({ type: "created", id: saved.value.id }) : saved;
    }
    case "update_records": {
      const saved = await saveRecord(tx, access.save, {
        object: request.object,
        id: request.id,
        values: request.values,
      });
      return saved.ok ? ok({ type: "done" }) : saved;
    }
    case "action": {
      const perform = actionNamed(request.action);
      if (!perform) return { ok: false, refusal: { code: "unknown-action", details: { name: request.action } } };
      const { inputs, element } = request;
      const done = await perform(tx, { inputs, element, runId: work.runId, stepRunId: work.stepRunId });
      return done.ok ? ok({ type: "done" }) : done;
    }
    default:
      throw new Error(`a flow asked the database for ${request.type}`);
  }
}

/** Why an element failed, for whoever reads the run page: the fields by name, where a record was refused. */
function reasonOf(refusal: Refusal): string {
  if (refusal.code === "not-found") return "there is no such record, or this flow may not change it.";
  return refusal.problems?.length ? refusal.problems.map(({ message }) => message).join(" ") : sentenceOf(refusal);
}
