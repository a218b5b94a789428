import { AUTOMATED_USER_ID } from "../../db/schema/people";
import type { RunState } from "../engine/state";

/**
 * Who asked for what a run does, whoever or whatever began it: its submitter, else whoever it was begun for; null: nobody did. What they see and are told of the
 * run goes by this (`run.asked_by`); whose rights its steps have does not.
 */
export function askerOf({ run, submission }: Pick<RunState, "run" | "submission">): string | null {
  const submitter = submission?.submittedBy ?? AUTOMATED_USER_ID;
  return submitter === AUTOMATED_USER_ID ? run.askedBy : submitter;
}
