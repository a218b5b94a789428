import type { ApprovalStep, Orchestration } from "../engine/definition";
import { outcomeNamed } from "../engine/outcomes";
import type { Value } from "../logic/value";
import { type Refusal, refuse } from "../result";

type Given = {
  readonly comments: string | null;
  /** Whether the decider has just given their password again. */
  readonly isConfirmed: boolean;
};

/**
 * What a decision still lacks, whichever way it comes: from the page, a list, the step's screens, a mail or the API. Null: nothing. Asked after the
 * decision itself, and undone with the refusal: only whoever may decide is told. Refusals: `unknown-outcome`, `reason-needed`, `password-needed`.
 */
export function judgeDecision(
  { approval }: Orchestration,
  { step, said }: { readonly step: ApprovalStep; readonly said: Value },
  { comments, isConfirmed }: Given,
): Refusal | null {
  const outcome = outcomeNamed(step, said);
  if (!outcome) return refuse("unknown-outcome", { details: { outcome: String(said) } }).refusal;
  if (outcome.needsReason && (comments ?? "").trim() === "")
    return refuse("reason-needed", { problems: [{ path: "comments", message: REASON[outcome.does] }] }).refusal;
  return approval?.asksPassword && !isConfirmed ? refuse("password-needed").refusal : null;
}

const REASON = {
  approve: "Say why, which this process asks for",
  reject: "Say why you reject, so that the requester can act on it",
  send_back: "Say what is to be done, so that the requester can act on it",
} as const;
