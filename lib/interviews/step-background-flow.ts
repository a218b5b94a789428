import type { Tx } from "../../db/transaction";
import { flowVersion } from "../definitions/queries";
import type { StepRun } from "../engine/state";
import { advance } from "../flow/advance";
import { begin } from "../flow/begin";
import type { Flow } from "../flow/definition";
import type { Values } from "../flow/interview";
import {
  answered,
  beginningOf,
  carryOn,
  outermost,
  type Paused,
  settled,
  stoppedLate,
  told,
  type Work,
  workOf,
} from "./carry-on";
import type { Going } from "./frames";
import { openWaits } from "./open-waits";
import { personRunningAs } from "./person-running-as";
import { readAnew } from "./read-anew";
import { reopen } from "./reopen";
import { type Background, closeBackground, storeBackground } from "./store-interview";
import { type Happening, resolveWaits, takeEvent } from "./take-event";
import { undoneIfFailed } from "./undo";

export type BackgroundStep =
  /** Committed as far as it got: call again, in a transaction of its own. */
  | { readonly type: "more" }
  /** It waits, and rows say for what: the job is done. Also when the job found nothing to do, because the flow went on without it. */
  | { readonly type: "waiting" }
  | { readonly type: "finished"; readonly outputs: Values }
  | { readonly type: "failed"; readonly error: string; readonly element: string | null }
  /** The step is no longer in progress (run cancelled, stage over, failed by hand): nothing was done, and nothing is left to do. */
  | { readonly type: "stopped" };

type Call = {
  readonly runId: string;
  readonly stepRunId: string;
  readonly jobId: string;
  /** The flow to begin, of the job that begins it; without one the job only says that something may have happened. */
  readonly begins: { readonly name: string; readonly version: number; readonly runAs: string | null } | null;
  readonly happening: Happening | null;
};

/** The step, and its flow's interview, as they stand with the run locked; undefined and null: there is none. */
type Locked = {
  readonly step: Pick<StepRun, "status" | "inputs" | "storedFailure"> | undefined;
  readonly before: Background | null;
  /** Of a debug run. */
  readonly isTraced?: boolean;
};

/**
 * Carries the flow of an asynchronous background step one commit further: over the Action or Subflow it stands at, up to the next one, to
 * a Wait, or to its end. The caller holds the job (`holdJob`) and the run in this transaction, and tells the run when the flow finished or failed. What elements did and the place reached are committed together, so a crash
 * at any moment repeats nothing that was committed.
 */
export async function stepBackgroundFlow(
  tx: Tx,
  call: Call,
  { step, before, isTraced = false }: Locked,
): Promise<BackgroundStep> {
  const { runId, stepRunId } = call;
  // A step that was failed while its run is suspended (A20b) is over, too.
  if (step?.status !== "in_progress" || step.storedFailure !== null) {
    await giveUpWaiting(tx, call);
    return { type: "stopped" };
  }
  if (isOthers(before, call)) return { type: "waiting" };
  const flow = before ? { ...before.flow, runAs: before.runAs } : call.begins;
  if (!flow) return { type: "waiting" };
  const found = await flowVersion(tx.db, flow.name, flow.version);
  if (!found) return failed(tx, call, `There is no version ${flow.version} of the flow ${flow.name}.`);
  const user = await personRunningAs(tx, flow.runAs);
  if (!user.ok) return failed(tx, call, user.error);
  const work = await workOf(tx, { runId, stepRunId, person: user.person, isTraced });
  const going = await startOf(tx, { work, call, before, flow: found.body, inputs: step.inputs });
  if (!going) return { type: "waiting" };
  const paused = await undoneIfFailed(tx, () => onward(tx, work, going), going);
  const { name, version, runAs } = flow;
  storeBackground(tx, { runId, stepRunId, flow: { name, version }, paused, runAs, jobId: call.jobId, isNew: !before });
  return outcomeOf(paused);
}

async function failed(tx: Tx, call: Call, error: string): Promise<BackgroundStep> {
  await giveUpWaiting(tx, call);
  return { type: "failed", error, element: null };
}

/** A flow that is not carried on waits for nothing any more, and is over. */
export async function giveUpWaiting(
  tx: Tx,
  { runId, stepRunId, jobId }: Pick<Call, "runId" | "stepRunId" | "jobId">,
): Promise<void> {
  await resolveWaits(tx, { runId, stepRunId, exceptJob: jobId });
  closeBackground(tx, { runId, stepRunId });
}

/** Whether another job carries the flow on, or it is over: then there is nothing to do for this one. */
function isOthers(before: Background | null, { jobId, happening }: Call): boolean {
  if (!before) return happening !== null;
  if (before.status === "waiting") return happening === null;
  return before.status !== "open" || before.jobId !== jobId;
}

type Start = {
  readonly work: Work;
  readonly call: Call;
  readonly before: Background | null;
  readonly flow: Flow;
  readonly inputs: Values;
};

/** Where the flow goes on from; null: it goes on waiting. */
async function startOf(tx: Tx, { work, call, before, flow, inputs }: Start): Promise<Going | null> {
  if (!before) return outermost(flow, work, begin(flow, inputs, beginningOf(work)));
  const left = await reopen(tx, work, { flow, state: before.state });
  const happened =
    before.status === "waiting" && call.happening
      ? await takeEvent(tx, { work, access: left.at.access, jobId: call.jobId }, call.happening)
      : null;
  if (before.status === "waiting" && !happened) return null;
  const { state, ...flows } = happened ? await readAnew(tx, left) : left;
  return { ...flows, step: advance(flows.at.flow, state, happened ?? { type: "continue" }) };
}

/**
 * Over the element it stands at, and on to the next that is a commit of its own; a wait that is over at once is one too, unless another comes
 * right behind it: for that nobody would begin to wait.
 */
async function onward(tx: Tx, work: Work, going: Going): Promise<Paused> {
  const { type } = going.step.request;
  const from = type === "action" || type === "subflow" ? await answered(tx, work, going) : going;
  let paused = await carryOn(tx, work, from);
  while (paused.request.type === "wait") {
    const answer = await openWaits(tx, work, paused.going);
    if (!answer) return paused;
    paused = stoppedLate(work, paused.going) ?? settled(told(paused.going, answer));
  }
  return paused;
}

function outcomeOf({ request, state }: Paused): BackgroundStep {
  switch (request.type) {
    case "end":
      return { type: "finished", outputs: request.outputs };
    case "failure":
      return { type: "failed", error: request.message, element: request.element };
    case "screen":
      return { type: "failed", error: "The flow waits for a person, and nobody is there.", element: state.at };
    case "wait":
      return { type: "waiting" };
    default:
      return { type: "more" };
  }
}
