import type { ScreenElement } from "../../lib/flow/definition";
import type { Values } from "../../lib/flow/interview";
import { type Choices, chance, oneOf, weighted } from "./choices";
import { MEMBERS, ROOT } from "./deeds";
import type { ModelItem, ModelRun, ModelStep } from "./reference/run";
import { handsOf } from "./who";

/** What people do at the screens of a work item, beside the commands of its run. */

type Field = { readonly name: "approvalDecision" | "Comments"; readonly required: boolean };
export type ScreenOf = { readonly name: string; readonly field: Field; readonly allowBack: boolean };

const DECIDE = { name: "Decide", field: { name: "approvalDecision", required: true } } as const;
const EXPLAIN = { name: "Explain", field: { name: "Comments", required: false } } as const;

/** The screens of the flow `Screens`: every other version has them the other way round, and no way back from its last. */
export const screensOf = (version: number): readonly ScreenOf[] =>
  version % 2 === 1
    ? [
        { ...DECIDE, allowBack: true },
        { ...EXPLAIN, allowBack: true },
      ]
    : [
        { ...EXPLAIN, allowBack: true },
        { ...DECIDE, allowBack: false },
      ];

/** The same as elements of a flow whose outputs are named like its fields. */
export const screenElements = (version: number): readonly Partial<ScreenElement>[] => {
  const screens = screensOf(version);
  return screens.map(({ name, field, allowBack }, at) => ({
    ...{ type: "screen" as const, name, label: name, allowBack, next: screens[at + 1]?.name ?? null },
    fields: [{ type: "text", label: field.name, ...field }] as unknown as ScreenElement["fields"],
  }));
};

/** One thing that somebody does at an item's screens. The first at an item opens them. */
export type Typing = {
  /** The key of the item. */
  readonly item: string;
  readonly who: string;
  readonly does: "open" | "draft" | "next" | "back";
  /** From the page as it is; as it was before the last thing that they did there; or with the form of somebody else. */
  readonly from: "now" | "before" | "another";
  /** What the fields of the page hold by then. */
  readonly holds: Values;
  /** Sent once more with its key. */
  readonly isRepeated: boolean;
};

const MOST_AT_ONCE = 4;

/** Some things at one item by one person: mostly whoever has it, sometimes who typed there before, or anybody. */
export function makeTyping(choices: Choices, run: ModelRun, earlier: readonly Typing[]): Typing[] {
  const items = run.steps.flatMap(worked);
  if (items.length === 0 || !chance(choices, 40)) return [];
  const open = items.filter(({ status }) => status === "assigned");
  const { item, who } = weighted<() => Pick<Typing, "item" | "who">>(choices, [
    [open.length > 0 ? 6 : 0, () => someWork(choices, run, oneOf(choices, open))],
    [earlier.length > 0 ? 4 : 0, () => oneOf(choices, earlier)],
    [1, () => ({ item: oneOf(choices, items).key, who: oneOf(choices, [...MEMBERS, "dee", ROOT]) })],
  ])();
  return Array.from({ length: 1 + choices.below(MOST_AT_ONCE) }, () => ({ item, who, ...makeDeed(choices) }));
}

/** Nobody works at the item of a group that votes. */
const worked = (step: ModelStep): readonly ModelItem[] =>
  hasFlow(step) ? step.items.filter(({ voting }) => !voting) : [];
const hasFlow = ({ definition }: ModelStep) => "flow" in definition && definition.flow === "Screens";

/** Whether it is done by screens. */
export const isScreened = ({ step, item }: { readonly step: ModelStep; readonly item: ModelItem }): boolean =>
  hasFlow(step) && !item.voting && (item.kind === "interactive" || item.kind === "approval");

function someWork(choices: Choices, { world }: ModelRun, { key, kind, assignee, claimedBy }: ModelItem) {
  const hands = handsOf(world, assignee);
  const who = claimedBy ?? (hands.length > 0 ? oneOf(choices, hands) : ROOT);
  return { item: key, who: kind === "approval" && hands.includes("bob") && chance(choices, 20) ? "dee" : who };
}

const makeDeed = (choices: Choices): Omit<Typing, "item" | "who"> => ({
  does: weighted(choices, [
    [5, "draft"],
    [3, "next"],
    [2, "back"],
    [2, "open"],
  ] as const),
  from: weighted(choices, [
    [16, "now"],
    [3, "before"],
    [1, "another"],
  ] as const),
  holds: {
    approvalDecision: oneOf(choices, ["Approve", "Reject", "", null]),
    Comments: oneOf(choices, ["well", "so", " ", null]),
    ...(chance(choices, 5) ? { Other: 1 } : {}),
  },
  isRepeated: chance(choices, 10),
});
