import { awaitsAnswer, isMovable } from "./find";
import { emit, type Turn } from "./turn";
import { setWaits, waitsOf } from "./waits";
import { whyStageWaits } from "./why";

/**
 * Says how a run that came to rest may move again: somebody's item, a step's job, a record that its conditions read, the clock, or a lock. If
 * none of these can, it is stalled, and the same decision says so and why (P7, I28).
 */
export function rest(turn: Turn): void {
  if (turn.state.steps.some((step) => awaitsAnswer(turn.state, step))) return;
  setWaits(turn, waitsOf(turn));
  const { stalledSince, waits } = turn.state.run;
  // The job that was to look again may be dead: there is one for that instant, whoever looked instead.
  if (stalledSince !== null && waits.dueAt !== null && !turn.effects.some(({ type }) => type === "wake-at"))
    turn.effects.push({ type: "wake-at", at: waits.dueAt });
  if (isMovable(turn.state) && stalledSince !== null) emit(turn, { type: "run-unstalled" });
  if (!isMovable(turn.state) && stalledSince === null)
    emit(turn, { type: "run-stalled", reason: whyStageWaits(turn).sentence });
}
