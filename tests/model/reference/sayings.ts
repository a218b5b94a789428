import type { GroupRule } from "../../../lib/engine/approval-definition";
import type { ApprovalStep } from "../../../lib/engine/definition";
import type { Value } from "../../../lib/logic/value";

/** What a decision's word means at a step (A1b, semantics B 6.5): null for a word that the step does not know. */
export type Meaning = {
  readonly word: string;
  readonly stored: string;
  readonly does: "approve" | "reject" | "send_back";
  readonly to: string | null;
};

const PLAIN: readonly Meaning[] = [
  { word: "Approve", stored: "approve", does: "approve", to: null },
  { word: "Reject", stored: "reject", does: "reject", to: null },
];

const meanings = ({ outcomes }: ApprovalStep): readonly Meaning[] => [
  ...PLAIN,
  ...outcomes.map(({ name, does, to }) => ({ word: name, stored: name, does, to })),
];

export const meaningOf = (step: ApprovalStep, word: Value | undefined): Meaning | null =>
  meanings(step).find((one) => one.word === word) ?? null;

export const meaningStored = (step: ApprovalStep, stored: string | null): Meaning | null =>
  meanings(step).find((one) => one.stored === stored) ?? null;

/** Whether a group approves in the end when so many of so many members have approved (A15). */
function approves(rule: GroupRule, yes: number, members: number): boolean {
  if (rule.type === "unanimous") return yes === members;
  if (rule.type === "majority") return yes * 2 > members;
  if (rule.type === "at_least") return yes >= Math.min(rule.count, members);
  return rule.type === "percent" && yes > 0 && yes * 100 >= rule.percent * members;
}

/** What is certain by now, whatever those may say who have not voted: every way in which they could is tried. Null: nothing is. */
export function certain(
  rule: GroupRule,
  { yes, no, open }: { yes: number; no: number; open: number },
): "approve" | "reject" | null {
  const members = yes + no + open;
  if (members === 0) return null;
  const ends = Array.from({ length: open + 1 }, (_, more) => approves(rule, yes + more, members));
  if (ends.every(Boolean)) return "approve";
  return ends.some(Boolean) ? null : "reject";
}
