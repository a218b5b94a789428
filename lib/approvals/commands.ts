import type { Tx } from "../../db/transaction";
import { outcomeNamed } from "../engine/outcomes";
import { may } from "../gate";
import type { Finished } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { type Result, refuse } from "../result";
import type { Seen } from "../runs/dispatch";
import { subjectOf } from "../runs/may-ask";
import { startRun } from "../runs/start";
import { completeItem } from "../work/commands/complete-item";
import { judgeDecision } from "../work/judge-decision";
import { lookAtItem } from "../work/look-at-item";
import { findApproval } from "./find-approval";

export type Request = {
  readonly definitionId: string;
  readonly recordId: string | null;
  readonly comments: string;
  /** Who is to decide first, by id, where the process lets the submitter choose. */
  readonly firstApprover?: string | null;
  /** Runs that led to this one, of a request by a flow. */
  readonly depth?: number;
};

/** Submits a record for approval: starts the approval process with the submitter's words. Refusals: those of `startRun`. */
export async function requestApproval(
  tx: Tx,
  submitter: Person | "system",
  { firstApprover = null, ...request }: Request,
): Promise<Result<{ runId: string }>> {
  const inputs = firstApprover === null ? {} : { firstApprover };
  return startRun(tx, submitter, { ...request, processType: "approval", inputs });
}

/** What lists, mails and the API say for the two outcomes that every step has; any other outcome by its own name. */
const SAID: Readonly<Record<string, string>> = { approve: "Approve", reject: "Reject" };

export type Decision = {
  readonly workItemId: string;
  /** `approve`, `reject`, or the name of a further outcome of the step. */
  readonly decision: string;
  readonly comments: string;
  /** The fingerprint of what the decider was shown; absent: not said. */
  readonly shownAs?: string | undefined;
  /** Whether the decider has just given their password again. */
  readonly isConfirmed?: boolean;
};

/**
 * Decides an approval item without its screens, should it have some (6.5): from a list, a page or the API. Refusals: those of `completeItem` and
 * `judgeDecision`, and for work that is no approval `needs-screens` (a form) or `not-an-approval` (a question, something sent back).
 */
export async function decide(
  tx: Tx,
  person: Person,
  { seen: ahead, ...decision }: Decision & { readonly seen?: Seen },
): Promise<Result<Finished>> {
  const { workItemId, comments, shownAs, isConfirmed = false } = decision;
  const seen = ahead ?? (await lookAtItem(tx, person, workItemId));
  const found = await findApproval(tx, workItemId);
  if (!found) return refuse("not-found");
  const { held, item, body, step } = found;
  if (item.kind !== "approval" || !step) {
    if (!may(person, "item.read", subjectOf(held.state, item))) return refuse("not-found");
    return refuse(item.kind === "interactive" ? "needs-screens" : "not-an-approval");
  }
  const said = SAID[decision.decision] ?? decision.decision;
  // A word that the step does not know would be the step's error (6.5); here it is the caller's.
  const known = outcomeNamed(step, said) ? said : "Approve";
  const outputs = { approvalDecision: known, approvalComments: comments || null };
  const done = await completeItem(tx, person, { workItemId, outputs, shownAs, seen });
  if (!done.ok) return done;
  const refusal = judgeDecision(body, { step, said }, { comments, isConfirmed });
  return refusal ? { ok: false, refusal } : done;
}
