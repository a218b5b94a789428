import type { Actor } from "../../../lib/engine/command";
import type { Move } from "../moves";
import type { ModelRun } from "../reference/run";
import { find } from "../reference/work";

/** Who stands in for whom, those who asked themselves first, then those who let it be passed on. */
export const STANDS_FOR: { readonly [delegate: string]: readonly string[] } = { dee: ["bob"], fay: ["dee", "bob"] };

/**
 * In whose place somebody decides (S31, S32): not for themselves what is another's, and for nobody else where they have a say of their own or
 * another's. The move as the run gets it, or the code of the refusal.
 */
export function standIn(run: ModelRun, { command, by }: Move): Move | string {
  if (by.type !== "user" || command.type !== "complete-work-item") return { command, by };
  const self: Actor = { type: "user", id: by.id };
  const found = find(run, command.workItemId);
  if (typeof found === "string") return { command, by: self };
  const { step, item } = found;
  if (item.kind !== "approval" || item.voting || item.assignee.id === by.id) return { command, by: self };
  const delegator = (STANDS_FOR[by.id] ?? []).find((id) => id === item.assignee.id);
  if (delegator === undefined) return { command, by: self };
  const others = run.steps
    .flatMap(({ items }) => items)
    .filter((one) => one !== item && one.kind === "approval" && !one.voting);
  const hasSay = others.some((one) =>
    one.completionKind === "done"
      ? one.completedBy === by.id && one.onBehalfOf !== delegator
      : one.status === "assigned" &&
        step.items.includes(one) &&
        one.assignee.type === "user" &&
        one.assignee.id === by.id,
  );
  return hasSay ? "decided-before" : { command, by: { type: "user", id: by.id, onBehalfOf: delegator } };
}
