import type { Person } from "./current-person";

/** Who may do what to people, groups and queues. Asked through `lib/gate.ts`. */
export const peoplePolicy = {
  /** Invite, change, deactivate people; make groups and queues and say who is in them. */
  "people.manage": (person: Person): boolean => person.role === "admin",
  /** Names of people, groups and queues, as pickers and pages show them. */
  "people.see": (_person: Person): boolean => true,
};
