import { AUTOMATED_USER_ID } from "../../db/schema/people";
import type { Flow } from "../flow/definition";
import type { Person } from "../people/current-person";
import type { RecordAccess } from "../records/queries/find-records";

/** Whose rights a flow's data operations have: for reading, and for saving. */
export type RunAccess = { readonly read: RecordAccess; readonly save: Person | "system" };

/** The automated process user with nothing but its own rights: no role, no groups. */
const AUTOMATED: Person = {
  userId: AUTOMATED_USER_ID,
  username: "automated.process",
  name: "Automated Process",
  email: "automated.process@baton.invalid",
  role: "member",
  timeZone: null,
  sessionId: null,
  scopes: null,
  groups: [],
  queues: [],
};

/**
 * The running context of a flow (semantics 3.5). Screen flows run as the person who answers, the others as the automated process user who
 * sees everything, unless `runMode` says otherwise. `user` without a person (a background step) is the automated process user with
 * sharing: never more than was asked for.
 */
export function runAccess(flow: Flow, person: Person | null): RunAccess {
  const mode = flow.runMode ?? (flow.type === "screen" ? "user" : "system_without_sharing");
  if (mode === "system_without_sharing") return { read: { personId: null, mode }, save: "system" };
  if (mode === "user" && person) return { read: { personId: person.userId, mode }, save: person };
  return { read: { personId: null, mode: "system_with_sharing" }, save: AUTOMATED };
}
