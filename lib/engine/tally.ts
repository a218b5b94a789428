import type { GroupRule } from "./approval-definition";

/** The votes of one group's members; `open` have not voted and still may. Who left or was never asked does not count. */
export type Votes = { readonly approve: number; readonly reject: number; readonly open: number };

/** How many must approve. No more than there are members: a rule that asks for three of two asks for both. */
export function needed(rule: GroupRule, members: number): number {
  switch (rule.type) {
    case "first":
      return 1;
    case "unanimous":
      return members;
    case "majority":
      return Math.floor(members / 2) + 1;
    case "at_least":
      return Math.min(rule.count, members);
    case "percent":
      // Hundredths, so that 29 % of 100 members are 29.
      return Math.max(1, Math.ceil((Math.round(rule.percent * 100) * members) / 10_000));
  }
}

/** What the votes have decided already (A15): as soon as nothing can change it, whoever has not voted; null while it is open. */
export function decidedBy(rule: GroupRule, { approve, reject, open }: Votes): "approve" | "reject" | null {
  const members = approve + reject + open;
  if (members === 0) return null;
  if (rule.type === "first") return approve > 0 ? "approve" : reject > 0 ? "reject" : null;
  const wanted = needed(rule, members);
  if (approve >= wanted) return "approve";
  return approve + open < wanted ? "reject" : null;
}
