import type { Person } from "../people/current-person";

/** What a rule about one submission looks at. */
type Submission = {
  /** By id who submitted it, and who sent it again. */
  readonly submitters: readonly string[];
  /** Whether its process lets people decide what they submitted. */
  readonly allowsOwn?: boolean;
};

/** The same of a decision that one would give for oneself. */
type Decision = Submission & {
  /** Users by id who decided on it in somebody else's place; absent: the decision would be given in somebody's place too. */
  readonly stoodIn?: readonly string[];
};

const isOthers = (person: Person, { submitters, allowsOwn = false }: Submission): boolean =>
  allowsOwn || !submitters.includes(person.userId);

/** Who may ask for and decide approvals, beyond what holds for every work item. Asked through `lib/gate.ts`. */
export const approvalsPolicy = {
  /** Submit a record; whether the record may be seen is asked apart. */
  "approval.request": (_person: Person): boolean => true,
  /**
   * Decide an item that is one's own to work on: never one's own submission (I36), unless the process allows it, nor for oneself what
   * one has decided on for another. In addition to `item.work`.
   */
  "approval.decide": (person: Person, decision: Decision): boolean =>
    isOthers(person, decision) && !decision.stoodIn?.includes(person.userId),
  /**
   * Change by whom it is decided, or what it comes to without a decision: reassign, add an approver, skip or fail a step, go to a stage, try
   * again with other inputs. In addition to the right to that.
   */
  "approval.steer": isOthers,
  /** Decide in the approvers' place, openly (6.7). */
  "approval.override": (person: Person): boolean => person.role === "admin",
  "approval.add-approver": (person: Person): boolean => person.role === "manager" || person.role === "admin",
  /** Take a submission back: whoever submitted it, and admins. */
  "approval.recall": (person: Person, { submittedBy }: { readonly submittedBy: string | null }): boolean =>
    person.role === "admin" || submittedBy === person.userId,
};
