import type { Person } from "../people/current-person";

/** Who may ask for and decide approvals, beyond what holds for every work item. Asked through `lib/gate.ts`. */
export const approvalsPolicy = {
  /** Submit a record; whether the record may be seen is asked apart. */
  "approval.request": (_person: Person): boolean => true,
  /** Decide an item that is one's own to work on: never one's own submission (I36), unless the process allows it. In addition to `item.work`. */
  "approval.decide": (
    person: Person,
    submission: { readonly submittedBy: string | null; readonly allowsOwn?: boolean },
  ): boolean => submission.allowsOwn === true || submission.submittedBy !== person.userId,
  /** Decide in the approvers' place, openly (6.7). */
  "approval.override": (person: Person): boolean => person.role === "admin",
  "approval.add-approver": (person: Person): boolean => person.role === "manager" || person.role === "admin",
  /** Take a submission back: whoever submitted it, and admins. */
  "approval.recall": (person: Person, submission: { readonly submittedBy: string | null }): boolean =>
    person.role === "admin" || submission.submittedBy === person.userId,
};
