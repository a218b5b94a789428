import type { Person } from "../people/current-person";

const isAuthor = (person: Person): boolean => person.role === "author" || person.role === "admin";

/** Who may do what to orchestrations and flows. Asked through `lib/gate.ts`. */
export const definitionsPolicy = {
  "definition.read": isAuthor,
  "definition.edit": isAuthor,
  "definition.activate": isAuthor,
  /** Working hours and holidays, by which flows wait. */
  "calendar.manage": (person: Person): boolean => person.role === "admin",
};
