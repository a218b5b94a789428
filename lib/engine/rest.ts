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
  const { stalledSince } = turn.state.run;
  if (isMovable(turn.state) && stalledSince !== null) emit(turn, { type: "run-unstalled" });
  if (!isMovable(turn.state) && stalledSince === null)
    emit(turn, { type: "run-stalled", reason: whyStageWaits(turn).sentence });
}
