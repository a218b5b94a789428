import { AUTOMATED_USER_ID } from "../../db/schema/people";
import type { Flow } from "../flow/definition";
import type { Person } from "../people/current-person";
import type { RecordAccess } from "../records/queries/find-records";

/** Whose rights a flow's data operations have: for reading, and for saving. */
export type RunAccess = {
  readonly read: RecordAccess;
  readonly save: Person | "system";
  /** What a flow in system context may touch: the objects that it names (S34). Null: the person's own rights decide alone. */
  readonly objects: ReadonlySet<string> | null;
};

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
  standsFor: [],
};

/** The objects that a flow names, in its elements, screens and variables. */
function objectsOf({ elements, variables }: Flow): ReadonlySet<string> {
  const names = elements.flatMap((element): (string | undefined)[] => {
    if ("object" in element) return [element.object];
    if (element.type === "screen") return element.fields.map(({ lookup }) => lookup);
    return element.type === "wait" ? element.events.map((event) => ("object" in event ? event.object : undefined)) : [];
  });
  return new Set([...names, ...variables.map(({ object }) => object)].flatMap((name) => name ?? []));
}

/**
 * The running context of a flow (semantics 3.5). `person` is who answers its screens, or the user that its step runs as; null is the
 * automated process user. By default a person's rights hold, and without one the flow sees everything of the objects it names; a called
 * flow has its caller's context. `user` without a person is the automated process user with sharing: never more than was asked for.
 */
export function runAccess(flow: Flow, person: Person | null, caller: RunAccess | null = null): RunAccess {
  const asked = flow.runMode ?? "default";
  const objects = objectsOf(flow);
  if (asked === "default" && caller) return { ...caller, objects: caller.objects && objects };
  const mode = asked === "default" ? (person ? "user" : "system_without_sharing") : asked;
  if (mode === "system_without_sharing") return { read: { personId: null, mode }, save: "system", objects };
  if (person)
    return { read: { personId: person.userId, mode }, save: person, objects: mode === "user" ? null : objects };
  return { read: { personId: null, mode: "system_with_sharing" }, save: AUTOMATED, objects };
}
