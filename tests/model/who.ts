import type { Due } from "../../lib/engine/approval-definition";
import type { Assignee, ItemFlag } from "../../lib/engine/state";
import type { World } from "./world";

/** Into whose hands work goes (semantics A16, A19, I36, I37). */
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
/** Who began the run, and who submitted its request. */
type Asking = { readonly startedBy: string | null; readonly submittedBy: string | null };

/** Who of a group or queue could do its work, or the one person; nobody of whom is not active. */
export const handsOf = ({ members, inactive }: World, { type, id }: Assignee): string[] =>
  (type === "user" ? [id] : (members[id] ?? [])).filter((one) => !inactive.includes(one));

/** Whether work can lie there: it is somebody's who is neither away nor kept from it. */
export const isThere = (world: World, one: Assignee, notUsers: readonly string[] = []): boolean =>
  !notUsers.includes(one.id) && !isOut(world, one, notUsers);

const isOut = (world: World, one: Assignee, notUsers: readonly string[]): boolean =>
  handsOf(world, one).filter((id) => one.type === "user" || !notUsers.includes(id)).length === 0;

const CLEO: Assignee = { type: "user", id: "cleo" };

/** Whom an item goes to: nobody is called Nobody. Null: it can go to no one. */
export function resolve(
  world: World,
  { assigneeType, value, notUsers, playedBy, wantsMembers }: Question,
  { startedBy, submittedBy }: Asking,
): Resolved | null {
  if (playedBy !== null) return { assignee: { type: "user", id: playedBy }, flag: null };
  const type = assigneeType === "group" || assigneeType === "queue" ? assigneeType : "user";
  const wanted: Assignee | null = value === null || value === "Nobody" ? null : { type, id: value };
  const goesTo = (assignee: Assignee, flag: ItemFlag | null): Resolved => {
    const hands = handsOf(world, assignee).filter((id) => !notUsers.includes(id));
    return { assignee, flag, ...(wantsMembers && assignee.type !== "user" && { members: hands }) };
  };
  if (wanted && isThere(world, wanted, notUsers)) return goesTo(wanted, null);
  const flag = wanted && isOut(world, wanted, notUsers) ? "inactive_assignee" : "fallback";
  const starter: Assignee | null = world.starterStandsIn && startedBy ? { type: "user", id: startedBy } : null;
  for (const one of [world.hasFallback ? CLEO : null, starter])
    if (one && isThere(world, one, notUsers)) return goesTo(one, flag);
  const isOnlyBarred = wanted && isThere(world, wanted, submittedBy === null ? [] : [submittedBy]);
  return isOnlyBarred ? goesTo(wanted, "nobody_left") : null;
}

type Escalation = {
  readonly from: Assignee;
  readonly to: NonNullable<Due["escalate"]>["to"];
  readonly notUsers: readonly string[];
  readonly isTaken: (one: Assignee) => boolean;
};

/** Whose work it becomes that nobody did in time (A19): the manager's or whom the step names, else cleo's, where she stands in. */
export function escalateTo(world: World, { from, to, notUsers, isTaken }: Escalation): Assignee | null {
  const manager = from.type === "user" ? world.managers[from.id] : undefined;
  const named: Assignee | null =
    to === "manager" ? (manager ? { type: "user", id: manager } : null) : { type: to.type, id: to.value };
  const fallback = world.hasFallback ? CLEO : null;
  return [named, fallback].find((one) => one && isThere(world, one, notUsers) && !isTaken(one)) ?? null;
}

type Succession = Pick<Escalation, "notUsers" | "isTaken"> & { readonly from: Assignee | null };

/** Whose an approval is of which somebody may decide nothing more: whoever is left there keeps it, else it is cleo's, where she stands in. */
export function successorOf(world: World, { from, notUsers, isTaken }: Succession): Assignee | null {
  if (from && isThere(world, from, notUsers)) return from;
  return world.hasFallback && isThere(world, CLEO, notUsers) && !isTaken(CLEO) ? CLEO : null;
}
