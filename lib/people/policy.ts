import type { Person } from "./current-person";

type Delegation = { readonly delegatorId: string; readonly delegateId: string };

/** Who may do what to people, groups, queues and delegations. Asked through `lib/gate.ts`. */
export const peoplePolicy = {
  /** Invite, change, deactivate people; make groups and queues and say who is in them. */
  "people.manage": (person: Person): boolean => person.role === "admin",
  /** Names of people, groups and queues, as pickers and pages show them. */
  "people.see": (_person: Person): boolean => true,
  /** Let somebody decide in one's own place; in another's only admins (4.3: own delegation, others' delegations). */
  "delegation.create": (person: Person, { delegatorId }: { readonly delegatorId: string }): boolean =>
    delegatorId === person.userId || person.role === "admin",
  /** Say whether one will decide in somebody's place. */
  "delegation.answer": (person: Person, { delegateId }: Delegation): boolean => delegateId === person.userId,
  "delegation.end": (person: Person, { delegatorId, delegateId }: Delegation): boolean =>
    [delegatorId, delegateId].includes(person.userId) || person.role === "admin",
};
