import type { Actor, Command } from "../../lib/engine/command";
import type { ApprovalStep } from "../../lib/engine/definition";
import { type Choices, chance, oneOf } from "./choices";
import type { Move } from "./moves";
import { type ModelItem, type ModelRun, type ModelStep, openItems } from "./reference/run";

/** What may be done around a decision; ids of items are their keys. */
type Weighted = readonly (readonly [number, () => Move])[];

const user = (id: string): Actor => ({ type: "user", id });
const PEOPLE = ["eve", "bob", "ann", "zoe", "cleo"] as const;
const to = (choices: Choices) => ({ type: "user", id: oneOf(choices, PEOPLE) }) as const;

export const wordsOf = ({ definition }: ModelStep): readonly string[] => {
  const further = definition.kind === "approval" ? definition.outcomes.map(({ name }) => name) : [];
  return ["Approve", "Approve", "Reject", "Approve", ...further];
};

export function steerApproval(choices: Choices, step: ModelStep, item: ModelItem): Weighted {
  const workItemId = item.key;
  const act = (command: Command, by: Actor = user("zoe")): Move => ({ command, by });
  const isVote = item.parent !== null;
  return [
    [
      2,
      () =>
        act({
          type: "override-work-item",
          workItemId,
          outcome: oneOf(choices, wordsOf(step)),
          comments: oneOf(choices, ["", "so"]),
        }),
    ],
    [3, () => act({ type: "add-approver", workItemId, to: to(choices), reason: "four eyes" })],
    [
      (step.definition as ApprovalStep).mayAskQuestions ? 2 : 1,
      () => act({ type: "ask-question", workItemId, to: to(choices), text: "why?" }, asker(item)),
    ],
    [isVote ? 5 : 0, () => act({ type: "member-left", workItemId })],
  ];
}

/** Whoever may ask: the holder of an approval. */
const asker = ({ assignee, claimedBy }: ModelItem): Actor =>
  user(assignee.type === "user" ? assignee.id : (claimedBy ?? "bob"));

export function takeBack(choices: Choices, run: ModelRun): Weighted {
  const isOpen = run.submission === "in_progress";
  return [
    [
      isOpen && chance(choices, 30) ? 1 : 0,
      () => ({ command: { type: "recall", reason: "a mistake" }, by: user("ann") }),
    ],
  ];
}

/** Something of an approval at any time, sensible or not. */
export function anyOfApprovals(choices: Choices, run: ModelRun): Move {
  const items = run.steps.flatMap((step) => (chance(choices, 50) ? step.items : openItems(step)));
  const item = items.length > 0 ? oneOf(choices, items) : undefined;
  const workItemId = item?.key ?? "S#1/SA#1:1";
  const command = oneOf(choices, anyOf(choices, workItemId));
  const by = user(oneOf(choices, ["bob", "ann", "eve"]));
  // Who may ask is the gate's to say, not the run's.
  if (command.type === "ask-question" && item) return { command, by: asker(item) };
  return { command, by: command.type === "nobody-left" ? { type: "system" } : by };
}

function anyOf(choices: Choices, workItemId: string): readonly Command[] {
  return [
    { type: "override-work-item", workItemId, outcome: oneOf(choices, ["Approve", "Perhaps", "Back"]), comments: "so" },
    {
      type: "add-approver",
      workItemId,
      to: oneOf(choices, [to(choices), { type: "group", id: "Team" }] as const),
      reason: "x",
    },
    { type: "ask-question", workItemId, to: to(choices), text: "why?" },
    { type: "member-left", workItemId },
    { type: "recall", reason: "a mistake" },
    { type: "nobody-left", workItemId },
    { type: "complete-work-item", workItemId, outputs: { approvalDecision: oneOf(choices, ["Approve", "Back"]) } },
    { type: "claim-work-item", workItemId, takeOver: false },
    { type: "reassign-work-item", workItemId, to: to(choices), reason: "busy" },
  ];
}
