import type { Person } from "../current-person";
import type { StandsFor } from "./stands-for";

/** What the rule about deciding in somebody's place looks at, of the submission that an approval item belongs to. */
export type ApprovalSubject = {
  readonly definitionId: string;
  /** By id who submitted it, and who sent it again. */
  readonly submitters: readonly string[];
  /** What is asked for, by the definition's amount; null: it has none, or the record says none. */
  readonly amount: number | null;
  /** Who has a say in it: who decided, with in whose place, and who has another item of the same step. */
  readonly sayers: readonly { readonly userId: string; readonly onBehalfOf: string | null }[];
};

type Item = {
  readonly assigneeType: "user" | "group" | "queue";
  readonly assigneeId: string;
  readonly claimedBy: string | null;
  /** Null or absent: no approval, or whoever asks stands in for nobody. */
  readonly approval?: ApprovalSubject | null;
};

/** In whose place, or what keeps them from it. */
export type InPlace =
  | { readonly ok: true; readonly delegatorId: string }
  | {
      readonly ok: false;
      readonly delegatorId: string;
      readonly why: "own-submission" | "beyond-delegation" | "decided-before" | "made-by-submitter";
    };

function isTheirs({ delegatorId, groups, queues }: StandsFor, { assigneeType, assigneeId, claimedBy }: Item): boolean {
  if (assigneeType === "user") return assigneeId === delegatorId;
  const isMember = (assigneeType === "group" ? groups : queues).includes(assigneeId);
  return isMember && (claimedBy === null || claimedBy === delegatorId);
}

const isWithin = ({ processes, maxAmount }: StandsFor, { definitionId, amount }: ApprovalSubject): boolean =>
  (processes === null || processes.includes(definitionId)) &&
  (maxAmount === null || (amount !== null && amount <= maxAmount));

/** Two approvals of one request are two people's: nobody gives both their own and another's (S31). */
export const hasOwnSay = (
  userId: string,
  { delegatorId }: Pick<StandsFor, "delegatorId">,
  { sayers }: Pick<ApprovalSubject, "sayers">,
): boolean => sayers.some((one) => one.userId === userId && one.onBehalfOf !== delegatorId);

/** Whether the person stands in for somebody whose approval item this is. */
export const mayReadInPlace = (person: Person, item: Item): boolean => {
  const { approval } = item;
  return approval ? person.standsFor.some((one) => isTheirs(one, item) && isWithin(one, approval)) : false;
};

/** In whose place the person may decide this approval item; null: it is nobody's for whom they stand in. */
export function inPlaceOf(person: Person, item: Item): InPlace | null {
  const { approval } = item;
  if (!approval) return null;
  const found = person.standsFor.filter((one) => isTheirs(one, item)).map((one) => judge(person.userId, one, approval));
  return found.find(({ ok }) => ok) ?? found[0] ?? null;
}

function judge(userId: string, one: StandsFor, approval: ApprovalSubject): InPlace {
  const { delegatorId } = one;
  if (!isWithin(one, approval)) return { ok: false, delegatorId, why: "beyond-delegation" };
  const isBySubmitter = (people: readonly string[]) => approval.submitters.some((id) => people.includes(id));
  if (isBySubmitter([userId, delegatorId])) return { ok: false, delegatorId, why: "own-submission" };
  if (isBySubmitter(one.makers)) return { ok: false, delegatorId, why: "made-by-submitter" };
  return hasOwnSay(userId, one, approval)
    ? { ok: false, delegatorId, why: "decided-before" }
    : { ok: true, delegatorId };
}
