import { ok, type Result, refuse } from "../result";
import { definitionOf, itemById, stepById } from "./find";
import { outcomeStored } from "./outcomes";
import { isOwnRequest } from "./own-request";
import { hasSaid, isOthersThere, stoodInFor } from "./part-in-step";
import type { DecidedAs, RunState, StepRun, WorkItem } from "./state";
import type { Turn } from "./turn";

export type Open = { readonly item: WorkItem; readonly step: StepRun };

/** The item and its step, or why nobody can do anything with it: `not-found`, or `item-closed` with who, when and outcome. */
export function openItem(turn: Turn, workItemId: string): Result<Open> {
  const item = itemById(turn.state, workItemId);
  const step = item && stepById(turn.state, item.stepRunId);
  if (!item || !step) return refuse("not-found");
  if (item.status === "assigned") return ok({ item, step });
  // What another's decision closed, a vote or an approval beside it, is told that one.
  const { completedBy, closedAt, outcome } = decisionOver(turn.state, item) ?? item;
  const defined = definitionOf(turn.definition, turn.state, step);
  const own = defined.kind === "approval" ? outcomeStored(defined, outcome) : null;
  return refuse("item-closed", {
    details: {
      kind: item.completionKind ?? "done",
      at: closedAt ?? "",
      ...(completedBy && { by: completedBy }),
      ...(outcome && { outcome }),
      ...(own && own.stored !== own.does && { label: own.label }),
    },
  });
}

const decisionOver = ({ items }: RunState, { completionKind, stepRunId, closedAt }: WorkItem): WorkItem | undefined =>
  completionKind !== "superseded"
    ? undefined
    : items.find(
        (one) =>
          one.stepRunId === stepRunId &&
          one.parentId === null &&
          one.completionKind === "done" &&
          one.closedAt === closedAt,
      );

export type Worker = { readonly id: string; readonly onBehalfOf: string | null; readonly as: DecidedAs };

/** The person who acts, and in whose place; refused for Baton itself, and for what one submitted oneself unless that is allowed (I36). */
export function worker(turn: Turn, item: WorkItem): Result<Worker> {
  const { actor } = turn.env;
  if (actor.type !== "user") return refuse("not-your-work");
  const { id, onBehalfOf = null } = actor;
  if (isOwnSubmission(turn, item, [id, onBehalfOf])) return refuse("own-submission");
  const isOthers = item.assignee.type === "user" && item.assignee.id !== (onBehalfOf ?? id);
  return isOthers
    ? refuse("not-your-work", { details: { to: item.assignee.id, toType: item.assignee.type } })
    : ok({ id, onBehalfOf, as: onBehalfOf === null ? "assignee" : "delegate" });
}

/** Why somebody may not decide an approval: they had their say on its step, or on the run's request in somebody's place or at another step. */
export function notTheirs(
  state: RunState,
  { item, step }: Open,
  { id, onBehalfOf }: Omit<Worker, "as">,
): Result<never> | null {
  if (item.kind !== "approval") return null;
  if (hasSaid(state, step.id, id)) return refuse("said-already");
  const to = onBehalfOf === null ? stoodInFor(state, id) : undefined;
  if (to !== undefined) return refuse("decided-in-place", { details: { to, toType: "user" } });
  return [id, onBehalfOf ?? id].some((one) => isOthersThere(state, item, one)) ? refuse("decides-elsewhere") : null;
}

export const isOwnSubmission = (turn: Turn, { kind }: WorkItem, people: readonly (string | null)[]): boolean =>
  kind === "approval" && isOwnRequest(turn, people);
