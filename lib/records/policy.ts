import type { Person } from "../people/current-person";
import type { OthersMay } from "./schema/object";

/** What the rules and the list filters need to know of whoever is looking. */
export type Reader = Pick<Person, "userId" | "role" | "groups" | "queues"> & Partial<Pick<Person, "standsFor">>;

/** A record as the rules see it. `work` is what an open work item on it grants to this person (A17). */
export type RecordSubject = {
  readonly ownerId: string;
  readonly othersMay: OthersMay;
  readonly work: "none" | "read" | "edit";
};

const owns = (person: Reader, { ownerId }: RecordSubject): boolean => ownerId === person.userId;

/** Who may do what to objects and records. Asked through `lib/gate.ts`. */
export const recordsPolicy = {
  /** Define objects and their fields. */
  "object.manage": (person: Reader): boolean => person.role === "admin",
  /** Managers see all work, so they see what it is about. `queries/where-visible.ts` is this rule as a filter: change both. */
  "record.read": (person: Reader, record: RecordSubject): boolean =>
    person.role === "admin" ||
    person.role === "manager" ||
    owns(person, record) ||
    record.othersMay !== "none" ||
    record.work !== "none",
  /** Everybody may make records of every object: what is private about one begins with its owner. */
  "record.create": (_person: Reader): boolean => true,
  "record.edit": (person: Reader, record: RecordSubject): boolean =>
    person.role === "admin" || owns(person, record) || record.othersMay === "edit" || record.work === "edit",
  "record.delete": (person: Reader, record: RecordSubject): boolean => person.role === "admin" || owns(person, record),
  /** Give a record to another owner: not by the leave of a work item, which ends. */
  "record.transfer": (person: Reader, record: RecordSubject): boolean =>
    person.role === "admin" || owns(person, record) || record.othersMay === "edit",
};
