import { successorOf } from "../who";
import { hasStoodIn, partOf } from "./approvals";
import { count } from "./decide";
import { addItem, closeItem } from "./items";
import type { ModelItem, ModelRun, ModelStep, Question } from "./run";
import { submitters } from "./work";

/** Who decides nothing more for themselves on the run's request: who submitted it, and who decided in somebody's place (I36, S31). */
export const barred = (run: ModelRun): string[] => [
  ...submitters(run),
  ...run.steps
    .flatMap(({ items }) => items.flatMap(({ completedBy }) => completedBy ?? []))
    .filter((id) => hasStoodIn(run, id)),
];

const STOOD_IN = "They decided on this request in somebody else's place, so this is not theirs to decide";
const SENT_AGAIN = "They sent this request again, so it is not theirs to decide";

/** What was theirs in the run is somebody else's from the moment in which they decide for another, or send it again for its submitter (S31, I36). */
export function stepAside(run: ModelRun, user: string): void {
  const all = run.steps.flatMap((step) => step.items.map((item) => ({ step, item })));
  for (const { step, item } of all.sort((one, other) => one.item.madeAs - other.item.madeAs)) {
    if (item.kind !== "approval" || item.status !== "assigned" || item.voting) continue;
    if (item.claimedBy === user) item.claimedBy = null;
    if (item.assignee.type === "user" && item.assignee.id !== user) continue;
    if (item.parent) takeOut(run, step, { vote: item, group: item.parent });
    else run.agenda.push({ step, ask: "successor", item, from: item.assignee });
  }
}

function takeOut(run: ModelRun, step: ModelStep, { vote, group }: { vote: ModelItem; group: ModelItem }): void {
  closeItem(step, vote, "withdrawn", { comments: hasStoodIn(run, vote.assignee.id) ? STOOD_IN : SENT_AGAIN });
  const votes = step.items.filter(({ parent, kind }) => parent === group && kind === "approval");
  const said = votes.filter(({ completionKind }) => completionKind === "done");
  const last = said.toSorted((one, other) => one.closedAs - other.closedAs).at(-1);
  if (last) count(run, step, { group, last });
  else if (votes.every(({ status }) => status === "completed"))
    run.agenda.push({ step, ask: "successor", item: group, from: null });
}

/** Who is left has it; else whoever stands in for those who cannot be found; else somebody must look. */
export function succeed(run: ModelRun, { step, item, from }: Extract<Question, { ask: "successor" }>): void {
  if (item.status !== "assigned") return;
  const isTaken = (one: ModelItem["assignee"]) => partOf(step, one) !== null;
  const to = successorOf(run.world, { from, notUsers: barred(run), isTaken });
  if (!to) item.flag = "nobody_left";
  else if (item.voting)
    addItem(run, step, { kind: "approval", assignee: to, flag: "fallback", parent: item, dueAt: item.dueAt });
  else if (to !== from)
    Object.assign(item, {
      assignee: to,
      assignmentNo: item.assignmentNo + 1,
      claimedBy: null,
      flag: "fallback",
      byHand: false,
    });
}
