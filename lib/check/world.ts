import type { Flow } from "../flow/definition";
import type { DataType } from "../logic/value";
import type { Problem } from "../result";

/**
 * What a definition is checked against: the objects, flows, people and actions that it names, as they are now. Maps, because names come
 * from outside. What it does not name need not be here.
 */
export type World = {
  readonly objects: ReadonlyMap<string, ObjectInWorld>;
  /** Only flows: a name that is an orchestration's is absent. `inactive`: it exists but no version of it is active. */
  readonly flows: ReadonlyMap<string, Flow | "inactive">;
  /** Keys as `personKey` makes them; absent: there is no such person, group or queue. */
  readonly people: ReadonlyMap<string, "active" | "inactive">;
  readonly actions: ReadonlyMap<string, ActionInWorld>;
  /** Names of the calendars that there are. */
  readonly calendars: ReadonlySet<string>;
  /** Operations of other systems, by name. */
  readonly operations: ReadonlyMap<string, OperationInWorld>;
};

/** What sort of value each input of an operation takes and each output holds, and which inputs it needs. */
export type OperationInWorld = {
  readonly inputs: ReadonlyMap<string, DataType | "any">;
  readonly required: readonly string[];
  readonly outputs: ReadonlyMap<string, DataType | "any">;
};

export type FieldInWorld = {
  readonly type:
    | "text"
    | "long_text"
    | "number"
    | "currency"
    | "checkbox"
    | "date"
    | "datetime"
    | "email"
    | "picklist"
    | "lookup"
    | "user";
  readonly required: boolean;
  readonly hasDefault: boolean;
  /** The object of a lookup. */
  readonly object?: string;
  /** The values of a picklist. */
  readonly values?: readonly string[];
};
export type ObjectInWorld = { readonly fields: ReadonlyMap<string, FieldInWorld> };
export type ActionInWorld = {
  readonly inputs: readonly string[];
  readonly required: readonly string[];
  /** Of flows of background steps alone. */
  readonly isForSteps?: true;
};

/** How `World.people` names what a definition names. */
export const personKey = (type: "user" | "group" | "queue", name: string): string => `${type}:${name}`;

/** `problems` keep a definition from being activated; `warnings` are told and may be meant. */
export type Findings = { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };
