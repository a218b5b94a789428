import { openConditions, readsRecord } from "./conditions";
import { awaitsAnswer } from "./find";
import { emit, type Turn } from "./turn";
import { whyStageWaits } from "./why";

/**
 * Says how a run that came to rest may move again. Somebody's item, a flow's job, or a change of its own record (then it has an open wait);
 * else it is stalled, and the same decision says so and why (P7, I28).
 */
export function rest(turn: Turn): void {
  const { run, items, steps } = turn.state;
  if (steps.some((step) => awaitsAnswer(turn.state, step))) return;
  const waits = run.record !== null && openConditions(turn).some(readsRecord);
  if (waits !== run.waitsForRecord) emit(turn, { type: waits ? "wait-opened" : "wait-closed" });
  const isMovable =
    waits ||
    items.some(({ status }) => status === "assigned") ||
    steps.some(({ status, kind }) => status === "in_progress" && kind === "background");
  if (isMovable && run.stalledSince !== null) emit(turn, { type: "run-unstalled" });
  if (!isMovable && run.stalledSince === null)
    emit(turn, { type: "run-stalled", reason: whyStageWaits(turn).sentence });
}
