import { instantInWords } from "../logic/instant-in-words";
import { failStep } from "./fail-stage";
import { isLockedOut } from "./locks";
import type { StepRun } from "./state";
import { type Setting, startStep } from "./steps";
import type { Turn } from "./turn";

/** Starts a step; when another run holds the record that it locks, it waits its turn or fails, as the definition says (A22). */
export function startUnlessLocked(turn: Turn, step: StepRun, setting: Setting): void {
  if (!isLockedOut(turn, step)) return startStep(turn, step, setting);
  if (turn.definition.onLocked === "wait") return;
  startStep(turn, step, { ...setting, isSetUp: false });
  const { lockedBy } = turn.facts;
  const holder = lockedBy ? `a run of “${lockedBy.label}” since ${instantInWords(lockedBy.since)}` : "another run";
  failStep(turn, step, { error: `The record is locked by ${holder}.`, element: null });
}
