import type { Due } from "../../lib/engine/approval-definition";
import type { Assignee, ItemFlag, Values } from "../../lib/engine/state";
import type { Value } from "../../lib/logic/value";

/** What lies outside a run, the same for the engine and for the model: the record, the flows, the people, another run, the clock. */
export type World = {
  /** Values of paths of `$Record` (`Parent.Level`) as they are now. */
  readonly record: { [path: string]: Value };
  /** Active flows by name; a name that is missing has no active version. */
  readonly flows: { [name: string]: FlowInWorld };
  /** What evaluation flows say; null: they fail. */
  readonly answers: { [flow: string]: boolean | null };
  /** Another run that holds the lock of the record. */
  lockedBy: string | null;
  /** Who is in the groups and queues, in the order in which they get their votes. */
  readonly members: { readonly [team: string]: readonly string[] };
  /** Managers of people. */
  readonly managers: { readonly [person: string]: string };
  /** Whether cleo stands in for everybody who cannot be found. */
  readonly hasFallback: boolean;
  /** Milliseconds since the epoch. */
  now: number;
};

/** What a synchronous run of the flow gives: outputs, or the text of its fault. */
export type FlowInWorld = {
  readonly version: number;
  readonly isAsynchronous: boolean;
  readonly gives: Values | string;
  /** It is left to a job. */
  readonly isHandedOn?: true;
};

export const RECORD = { object: "Deal", id: "rec_1" };
export const PARENT = "rec_parent";
/** Records that a path is read from, where they are more than the run's own. */
export const BEHIND: { readonly [path: string]: readonly string[] } = {
  "Parent.Level": [RECORD.id, PARENT],
};

export type Resolved = {
  readonly assignee: Assignee;
  readonly flag: ItemFlag | null;
  readonly members?: readonly string[];
};
type Question = {
  readonly assigneeType: string;
  readonly value: string | null;
  readonly notUsers: readonly string[];
  readonly playedBy: string | null;
  /** Each member has a vote. */
  readonly wantsMembers: boolean;
};

/** What changes in the world between two commands. */
export type WorldChange = {
  readonly record?: World["record"];
  readonly flows?: World["flows"];
  readonly answers?: World["answers"];
  readonly lockedBy?: string | null;
  /** Milliseconds. */
  readonly later?: number;
};

export function changeWorld(
  world: World,
  { record, flows, answers, lockedBy = world.lockedBy, later = 0 }: WorldChange,
) {
  Object.assign(world.record, record);
  Object.assign(world.flows, flows);
  Object.assign(world.answers, answers);
  world.lockedBy = lockedBy;
  world.now += 1_000 + later;
}

/** Whom an item goes to: nobody is called Nobody, and who asked for an approval is stood in for. Null: it can go to no one. */
export function resolve(
  { hasFallback, members }: World,
  { assigneeType, value, notUsers, playedBy, wantsMembers }: Question,
): Resolved | null {
  if (playedBy !== null) return { assignee: { type: "user", id: playedBy }, flag: null };
  if (value === null || value === "Nobody")
    return hasFallback ? { assignee: { type: "user", id: "cleo" }, flag: "fallback" } : null;
  const type = assigneeType === "group" || assigneeType === "queue" ? assigneeType : "user";
  if (type === "user" && notUsers.includes(value)) return { assignee: { type, id: "cleo" }, flag: "fallback" };
  const voters = wantsMembers ? (members[value] ?? []).filter((id) => !notUsers.includes(id)) : [];
  return { assignee: { type, id: value }, flag: null, ...(voters.length > 0 && { members: voters }) };
}

type Escalation = {
  readonly from: Assignee;
  readonly to: NonNullable<Due["escalate"]>["to"];
  readonly notUsers: readonly string[];
  readonly isTaken: (one: Assignee) => boolean;
};

/** Whose work it becomes that nobody did in time (A19): the manager's or whom the step names, else cleo's, where she stands in. */
export function escalateTo(
  { managers, hasFallback }: World,
  { from, to, notUsers, isTaken }: Escalation,
): Assignee | null {
  const manager = from.type === "user" ? managers[from.id] : undefined;
  const named: Assignee | null =
    to === "manager" ? (manager ? { type: "user", id: manager } : null) : { type: to.type, id: to.value };
  const fallback: Assignee | null = hasFallback ? { type: "user", id: "cleo" } : null;
  return [named, fallback].find((one) => one && !notUsers.includes(one.id) && !isTaken(one)) ?? null;
}

type Succession = Pick<Escalation, "notUsers" | "isTaken"> & { readonly from: Assignee | null };

/** Whose an approval is of which somebody may decide nothing more: whoever is left there keeps it, else it is cleo's, where she stands in. */
export function successorOf({ members, hasFallback }: World, { from, notUsers, isTaken }: Succession): Assignee | null {
  const holders = from?.type === "user" ? [from.id] : from ? (members[from.id] ?? ["somebody"]) : [];
  if (holders.some((id) => !notUsers.includes(id))) return from;
  const fallback: Assignee = { type: "user", id: "cleo" };
  return hasFallback && !notUsers.includes("cleo") && !isTaken(fallback) ? fallback : null;
}
