import type { Person } from "../people/current-person";

/** Who may ask for and decide approvals, beyond what holds for every work item. Asked through `lib/gate.ts`. */
export const approvalsPolicy = {
  /** Submit a record; whether the record may be seen is asked apart. */
  "approval.request": (_person: Person): boolean => true,
  /** Decide an item that is one's own to work on: never one's own submission (I36). Asked in addition to `item.work`. */
  "approval.decide": (person: Person, submission: { readonly submittedBy: string | null }): boolean =>
    submission.submittedBy !== person.userId,
};
