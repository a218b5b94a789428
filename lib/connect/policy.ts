import type { Person } from "../people/current-person";

/** Who may say which other systems are called, how, and with what secret; and try it. Asked through `lib/gate.ts`. */
export const connectPolicy = {
  "connection.manage": (person: Person): boolean => person.role === "admin",
};
