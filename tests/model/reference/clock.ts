import type { ApprovalStep } from "../../../lib/engine/definition";
import type { Assignee } from "../../../lib/engine/state";
import { escalateTo } from "../who";
import { hasSaid, partOf } from "./approvals";
import { decideStep } from "./decide";
import { withdrawAll } from "./items";
import { type ModelRun, type ModelStep, openItems, type Question } from "./run";
import { meaningOf } from "./sayings";
import { barred } from "./step-aside";

/** What the clock does to open work (A19): reminders change nothing but their count; then it is somebody else's; at last it ends. */
export function climb(run: ModelRun): void {
  while (run.status === "in_progress") {
    const due = run.steps
      .flatMap((step) => openItems(step).flatMap((item) => ({ step, item, rung: item.rungs[item.climbed] })))
      .filter(({ rung }) => rung && rung.at <= run.world.now)
      // As if it had been looked at all the time: what comes first in time may end what comes later.
      .sort((one, other) => (one.rung?.at ?? 0) - (other.rung?.at ?? 0) || one.item.madeAs - other.item.madeAs);
    const [first] = due;
    if (!first) return;
    first.item.climbed++;
    if (first.rung?.what === "escalate") run.agenda.push({ ...first, ask: "escalation", taken: busyIn(first.step) });
    if (first.rung?.what === "time-out") timeOut(run, first.step);
  }
}

/** Who has an item of the step, or has had their say on it. */
const busyIn = (step: ModelStep): string[] => [
  ...openItems(step).map(({ assignee }) => assignee.id),
  ...step.items.flatMap(({ completedBy }) => (completedBy !== null && hasSaid(step, completedBy) ? [completedBy] : [])),
];

/** The step is decided, its items by nobody. */
function timeOut(run: ModelRun, step: ModelStep): void {
  const definition = step.definition as ApprovalStep;
  const meaning = meaningOf(definition, definition.due?.timeOut?.outcome);
  if (!meaning) return;
  withdrawAll(step);
  step.decidedBy = "time_out";
  const label = definition.outcomes.find(({ name }) => name === meaning.word)?.label ?? meaning.word;
  const approvalComments = `Nobody decided in time, so it ended as ${label}.`;
  decideStep(run, step, { meaning, outputs: { approvalDecision: meaning.word, approvalComments } });
}

/** Where there is nobody, or nobody else since the time had come, it stays and somebody must look. */
export function escalate(run: ModelRun, { step, item, taken }: Extract<Question, { ask: "escalation" }>): void {
  if (item.status !== "assigned" || !("due" in step.definition) || !step.definition.due?.escalate) return;
  const isApproval = step.definition.kind === "approval" && run.submission !== null;
  const notUsers = isApproval ? barred(run) : [];
  const isTaken = ({ id }: Assignee) => taken.includes(id);
  const to = escalateTo(run.world, { from: item.assignee, to: step.definition.due.escalate.to, notUsers, isTaken });
  if (!to || partOf(step, to) !== null) item.flag = "not_escalated";
  else
    Object.assign(item, {
      assignee: to,
      assignmentNo: item.assignmentNo + 1,
      claimedBy: null,
      flag: null,
      byHand: false,
    });
}

/** The instants at which something next happens to open work. */
export const nextRungs = ({ steps }: ModelRun): number[] =>
  steps.flatMap((step) => openItems(step).flatMap(({ rungs, climbed }) => rungs[climbed]?.at ?? []));
