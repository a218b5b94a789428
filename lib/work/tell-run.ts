import { forgetAnswers } from "../../db/ask-once";
import type { Tx } from "../../db/transaction";
import { definitionOf, itemById, stepById } from "../engine/find";
import type { Values } from "../engine/state";
import { commentsIn } from "../engine/steps";
import type { AfterScreen, Submitted } from "../interviews/schema";
import { ownProperty } from "../logic/value";
import type { Person } from "../people/current-person";
import { sentenceOf } from "../refusals";
import { ok, type Result } from "../result";
import { dispatch, type Seen as Looked } from "../runs/dispatch";
import { holdRun } from "../runs/hold-run";
import { pinnedOf } from "../runs/pinned-of";
import { findNextItem } from "./find-next-item";
import { judgeDecision } from "./judge-decision";
import { see, withOwnChanges } from "./see";
import type { Seen } from "./seen";
import { wordAnswer } from "./word-answer";

/** What a decision may need beside its screens: a reason that they had no field for, and the password again; and who asks, where that was asked already. */
type Closing = { readonly comments?: string | undefined; readonly isConfirmed: boolean; readonly looked?: Looked };

/**
 * Carries what became of an interview to its run, in the same transaction: the last screen completes the work item, a fault that is the
 * step's fails it. Refusals: those of `dispatch`; then the interview is as it was.
 */
export async function tellRun(
  tx: Tx,
  person: Person,
  submitted: Submitted & { readonly closing?: Closing },
): Promise<Result<AfterScreen>> {
  switch (submitted.type) {
    case "screen":
      return ok(submitted.view);
    case "broken":
      return ok({ type: "failed", message: sentenceOf({ code: "flow-broken", details: { error: submitted.error } }) });
    case "failed": {
      const { runId, stepRunId, error, element } = submitted;
      const told = await dispatch(tx, "system", { runId, command: { type: "flow-failed", stepRunId, error, element } });
      return told.ok ? ok({ type: "failed", message: error }) : told;
    }
    case "finished":
      return finish(tx, person, submitted);
  }
}

type Ended = Extract<Submitted, { type: "finished" }> & { readonly closing?: Closing };

async function finish(tx: Tx, person: Person, ended: Ended): Promise<Result<AfterScreen>> {
  const { runId, workItemId, closing = { isConfirmed: false } } = ended;
  const outputs = await outputsOf(tx, person, ended);
  // The screens may have saved something.
  forgetAnswers(tx);
  const now = await see(tx, person, { workItemId, door: "unsaid" });
  const seen = now && (ended.seen === null ? now : withOwnChanges(ended.seen as Seen, now));
  const command = { type: "complete-work-item", workItemId, outputs, ...(seen && { seen }) } as const;
  const told = await dispatch(tx, person, { runId, command, ...(closing.looked && { seen: closing.looked }) });
  if (!told.ok) return told;
  const { state } = told.value;
  const item = itemById(state, workItemId);
  const step = item && stepById(state, item.stepRunId);
  // An approval whose screens ended without a decision is the step's error, not the person's work done (semantics 6.5).
  if (step?.status === "error") return ok({ type: "failed", message: step.error ?? "The step failed." });
  const held = item?.kind === "approval" ? await holdRun(tx, { runId }) : null;
  if (held && step) {
    const { body } = await pinnedOf(tx, held.row);
    const defined = definitionOf(body, state, step);
    const decided = { said: ownProperty(outputs, "approvalDecision"), comments: commentsIn(outputs) };
    const { isConfirmed } = closing;
    const lacks =
      defined.kind === "approval"
        ? judgeDecision(body, { step: defined, ...decided }, { ...decided, isConfirmed })
        : null;
    if (lacks) return { ok: false, refusal: lacks };
  }
  return ok({ type: "finished", next: findNextItem(person, state) });
}

/** What the screens gave: of a question that, in words, as its answer. */
async function outputsOf(tx: Tx, person: Person, ended: Ended): Promise<Values> {
  const held = await holdRun(tx, ended);
  const isQuestion = held && itemById(held.state, ended.workItemId)?.kind === "question";
  return isQuestion
    ? { ...ended.outputs, answer: await wordAnswer(tx, person, ended) }
    : withReason(ended.outputs, ended.closing?.comments);
}

/** The screens' own words go before those that were asked for because they had none. */
const withReason = (outputs: Values, comments: string | undefined): Values =>
  comments && commentsIn(outputs) === null ? { ...outputs, approvalComments: comments } : outputs;
