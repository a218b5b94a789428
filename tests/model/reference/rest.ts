import type { Condition } from "../../../lib/logic/schema";
import { BEHIND, RECORD } from "../world";
import { nextRungs } from "./clock";
import { valueNow } from "./conditions";
import { recordPathsOf } from "./formula";
import { isHuman, type ModelRun, openItems, openStage } from "./run";
import { entryHolds, openQuestions } from "./settle";
import { canLock, stepLocks } from "./start-step";

/** What a run that came to rest holds and waits for, and whether anything can still move it (A8, A22, I28). */
export function rest(run: ModelRun): void {
  const isNeeded = run.stages.at(-1)?.steps.some((step) => step.status === "in_progress" && stepLocks(step)) ?? false;
  // An error is no end (A6), so what a flow locked stays locked (2.10) until one unlocks it, or for ever is over (A6b).
  run.keepsLock = run.keepsLock && run.status !== "completed" && run.status !== "canceled";
  run.holdsLock = run.holdsLock && (isNeeded || run.keepsLock);
  const stage = openStage(run);
  run.waits = { records: [], objects: [], dueAt: null, lock: null };
  if (run.status !== "in_progress" || !stage) {
    run.isStalled = false;
    return;
  }
  const questions = openQuestions(stage).map(({ asked }) => asked);
  const conditions = questions.flatMap((asked) => (asked.type === "requirements" ? [asked.condition] : []));
  const wantsLock = stage.steps.some(
    (step) => step.status === "not_started" && stepLocks(step) && !canLock(run) && entryHolds(run, step),
  );
  const records = new Set(conditions.flatMap(recordsBehind));
  // What an evaluation flow looks at nobody can tell; at the run's record in all likelihood.
  if (questions.some(({ type }) => type === "evaluation_flow")) records.add(RECORD.id);
  const due = [...conditions.flatMap((condition) => instants(run, condition)), ...nextRungs(run)];
  run.waits = {
    records: [...records].sort(),
    objects: [],
    dueAt: due.length > 0 ? new Date(Math.min(...due)).toISOString() : null,
    lock: wantsLock ? RECORD.id : null,
  };
  const isHeld = stage.steps.some(
    (step) =>
      step.status === "in_progress" &&
      (isHuman(step) ? openItems(step).some(({ flag }) => flag !== "nobody_left") : step.outputs === null),
  );
  run.isStalled = !isHeld && records.size === 0 && run.waits.dueAt === null && run.waits.lock === null;
}

const recordsBehind = (condition: Condition): readonly string[] =>
  (condition.logic === "formula" ? recordPathsOf(condition.formula) : pathsOf(condition))
    .filter((path) => path.startsWith("$Record."))
    .flatMap((path) => BEHIND[path.slice("$Record.".length)] ?? [RECORD.id]);

const pathsOf = ({ requirements }: Condition): readonly string[] =>
  requirements.flatMap(({ left, right }) => ["ref" in right ? right.ref : "", left]);

/** Instants to come with which the clock is compared. */
const instants = (run: ModelRun, { requirements }: Condition): number[] =>
  requirements
    .filter(({ left }) => left === "$Flow.CurrentDateTime")
    .map(({ right }) => Date.parse(String(valueNow(run, right))))
    .filter((at) => at > run.world.now);
