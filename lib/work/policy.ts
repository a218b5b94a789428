import type { Person } from "../people/current-person";
import { type ApprovalSubject, inPlaceOf, mayReadInPlace } from "../people/delegation/in-place";

/** What a rule about one work item looks at. */
export type ItemSubject = {
  readonly status: "assigned" | "completed";
  readonly assigneeType: "user" | "group" | "queue";
  readonly assigneeId: string;
  readonly claimedBy: string | null;
  readonly completedBy: string | null;
  /** Who asked for what the run does. */
  readonly askedBy: string | null;
  /** Of an approval, for whoever stands in for somebody; else null or absent. */
  readonly approval?: ApprovalSubject | null;
};

const seesAll = (person: Person): boolean => person.role === "manager" || person.role === "admin";
const holdsIt = (person: Person, { assigneeType, assigneeId }: ItemSubject): boolean => {
  if (assigneeType === "user") return assigneeId === person.userId;
  return (assigneeType === "group" ? person.groups : person.queues).includes(assigneeId);
};
const isOpen = (item: ItemSubject): boolean => item.status === "assigned";
const isShared = (item: ItemSubject): boolean => item.assigneeType !== "user";

/** Who may do what to work items (4.3). Asked through `lib/gate.ts`; for `work` and `claim` after the run's row is locked. */
export const workPolicy = {
  /** The page that shows everybody's items. */
  "item.list": seesAll,
  "item.read": (person: Person, item: ItemSubject): boolean =>
    seesAll(person) ||
    holdsIt(person, item) ||
    item.askedBy === person.userId ||
    item.completedBy === person.userId ||
    mayReadInPlace(person, item),
  /**
   * Fill in its form and finish it: its assignee, or any member while nobody else has claimed it (A14), and of approvals whoever decides in
   * their place now. No role helps.
   */
  "item.work": (person: Person, item: ItemSubject): boolean =>
    isOpen(item) &&
    ((holdsIt(person, item) && (item.claimedBy === null || item.claimedBy === person.userId)) ||
      inPlaceOf(person, item)?.ok === true),
  "item.claim": (person: Person, item: ItemSubject): boolean => isOpen(item) && isShared(item) && holdsIt(person, item),
  "item.release": (person: Person, item: ItemSubject): boolean =>
    isOpen(item) && item.claimedBy !== null && (item.claimedBy === person.userId || seesAll(person)),
  "item.reassign": (person: Person, item: ItemSubject): boolean => isOpen(item) && seesAll(person),
};
