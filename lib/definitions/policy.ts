import type { Person } from "../people/current-person";

const isAuthor = (person: Person): boolean => person.role === "author" || person.role === "admin";

const RANKS: Readonly<Record<Person["role"], number>> = { member: 0, author: 1, manager: 2, admin: 3 };

/** Who may do what to orchestrations and flows. Asked through `lib/gate.ts`. */
export const definitionsPolicy = {
  "definition.read": isAuthor,
  "definition.edit": isAuthor,
  "definition.activate": isAuthor,
  /** Let steps take on that person's rights: an admin's word alone, and never to more rights than their own (S33). */
  "definition.run-as": (person: Person, runner: Pick<Person, "role">): boolean =>
    person.role === "admin" && RANKS[runner.role] <= RANKS[person.role],
  /** Working hours and holidays, by which flows wait. */
  "calendar.manage": (person: Person): boolean => person.role === "admin",
};
