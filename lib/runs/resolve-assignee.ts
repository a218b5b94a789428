import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import type { Orchestration } from "../engine/definition";
import type { InlineEffect } from "../engine/effect";
import type { Assignee, ItemFlag, Run, RunState } from "../engine/state";
import { type Candidate, findPersonToAssign, findTeamToAssign } from "../people/find-assignee";
import { findPerson } from "../people/queries";
import { nameOfRecord } from "./queries/name-of-record";
import { recordOf } from "./record-of-item";

type Wish = Extract<InlineEffect, { type: "resolve-assignee" }>;
type Kind = Wish["assigneeType"];
type World = { readonly definition: Orchestration; readonly state: RunState };

/**
 * Looks up who gets an item (A16): the assignee; when there is none, or they are inactive or may not decide on the request, the definition's
 * fallback; else the person whose request the run is. A substitute's item is flagged, so that somebody looks at it, and so is one
 * that nobody can be told of by mail, and one whose record it may not stand on.
 */
export async function resolveAssignee(tx: Tx, wish: Wish, { definition, state }: World): Promise<Command> {
  const { stepRunId, assigneeType: type, value, notUsers } = wish;
  const { run } = state;
  const [wanted, { record, isWithheld }, added] = await Promise.all([
    value === null ? null : find(tx, { type, value }),
    recordOf(tx.db, wish, { definition, state }),
    stillThere(tx, wish),
    // The mail to whoever it is will say it.
    nameOfRecord(tx, wish.recordId ?? run.record?.id ?? null),
  ]);
  const answerWith = ({ place, members }: Candidate, otherFlag: ItemFlag | null): Command => {
    const isTold = members.some(({ isReachable }) => isReachable);
    const flag = otherFlag ?? (isWithheld ? "record_withheld" : isTold ? null : "not_notified");
    // The queue's or group's members each vote, but for those who may not.
    const isVoted = wish.wantsMembers && place.type !== "user";
    return {
      type: "answer-assignee",
      stepRunId,
      assignee: place,
      flag,
      record,
      ...(isVoted && { members: without(members, notUsers) }),
      ...(added.length > 0 && { added }),
    };
  };
  if (fits(wanted, notUsers)) return answerWith(wanted, null);
  const flag: ItemFlag = wanted && isOut(wanted, notUsers) ? "inactive_assignee" : "fallback";
  for (const substitute of substitutesOf(definition, run)) {
    const found = await find(tx, substitute);
    if (fits(found, notUsers)) return answerWith(found, flag);
  }
  // Who stood in for somebody did nothing wrong: it waits for whoever is given it by hand.
  if (fits(wanted, [state.submission?.submittedBy ?? ""])) return answerWith(wanted, "nobody_left");
  return { type: "answer-no-assignee", stepRunId, error: reasonOf(wish, wanted) };
}

async function stillThere(tx: Tx, { again, notUsers }: Wish): Promise<readonly Assignee[]> {
  const found = await Promise.all(again.map(({ type, id }) => find(tx, { type, value: id })));
  return found.flatMap((one) => (fits(one, notUsers) ? [one.place] : []));
}

/** Whose work it becomes that nobody did in time: the assignee's manager or whom the step names, else the definition's fallback (A19). */
export async function resolveEscalation(
  tx: Tx,
  { workItemId, from, to, notUsers, taken }: Extract<InlineEffect, { type: "resolve-escalation" }>,
  { definition, run }: { definition: Orchestration; run: Run },
): Promise<Command> {
  const fallback = definition.fallbackAssignee ? [definition.fallbackAssignee] : [];
  const wanted = run.debug ? [] : [...(to === "manager" ? await managerOf(tx, from) : [to]), ...fallback];
  for (const wish of wanted) {
    const found = await find(tx, wish);
    if (fits(found, notUsers) && !taken.includes(found.place.id))
      return { type: "answer-escalation", workItemId, assignee: found.place };
  }
  return { type: "answer-escalation", workItemId, assignee: null };
}

/**
 * Whose an approval is when one who held it may not decide it any more: of those who held it the others', if there are any, else the definition's
 * fallback; `members` are who votes in the place of a group that has nobody left.
 */
export async function resolveSuccessor(
  tx: Tx,
  { workItemId, from, notUsers, taken }: Extract<InlineEffect, { type: "resolve-successor" }>,
  { definition, run }: { definition: Orchestration; run: Run },
): Promise<Command> {
  const answer = { type: "answer-successor", workItemId, members: [] } as const;
  const held = from && (await find(tx, { type: from.type, value: from.id }));
  if (from && (run.debug || fits(held, notUsers))) return { ...answer, assignee: from };
  const { fallbackAssignee } = definition;
  const found = fallbackAssignee ? await find(tx, fallbackAssignee) : null;
  if (!fits(found, notUsers) || taken.includes(found.place.id)) return { ...answer, assignee: null };
  return { ...answer, assignee: found.place, members: without(found.members, [...notUsers, ...taken]) };
}

const without = (members: Candidate["members"], ids: readonly string[]): string[] =>
  members.flatMap(({ userId }) => (ids.includes(userId) ? [] : [userId]));

async function managerOf(tx: Tx, { type, id }: Assignee): Promise<{ type: "user"; value: string }[]> {
  const person = type === "user" ? await findPerson(tx.db, id) : null;
  return person?.managerId ? [{ type: "user", value: person.managerId }] : [];
}

/** Inactive, or a group or queue none of whose members could do the work. */
const isOut = ({ place, members }: Candidate, notUsers: readonly string[]): boolean =>
  place.type === "user" ? members.length === 0 : without(members, notUsers).length === 0;

const fits = (found: Candidate | null, notUsers: readonly string[]): found is Candidate =>
  found !== null && !isOut(found, notUsers) && !notUsers.includes(found.place.id);

/** In a debug run one person stands in for every assignee. */
export async function playedAssignee(tx: Tx, wish: Wish, world: World): Promise<Command> {
  const { stepRunId, playedBy } = wish;
  const assignee = { type: "user", id: playedBy ?? "" } as const;
  const { record, isWithheld } = await recordOf(tx.db, wish, world);
  return { type: "answer-assignee", stepRunId, assignee, flag: isWithheld ? "record_withheld" : null, record };
}

function substitutesOf({ fallbackAssignee }: Orchestration, { askedBy }: Run): { type: Kind; value: string }[] {
  const owner = askedBy === null ? [] : [{ type: "user" as const, value: askedBy }];
  return fallbackAssignee ? [fallbackAssignee, ...owner] : owner;
}

function reasonOf({ value, assigneeType, notUsers }: Wish, wanted: Candidate | null): string {
  const why =
    value === null
      ? "its assignee leads to no value"
      : !wanted
        ? `there is no ${assigneeType === "resource" ? "person, group or queue" : assigneeType} “${value.slice(0, 200)}”`
        : notUsers.includes(wanted.place.id)
          ? "its assignee is who asked for the approval"
          : "its assignee is no longer active, or has no member who could do it";
  return `Nobody can be given the work: ${why}, and no fallback could be found.`;
}

/** A reference may name any of the three; ids and e-mail addresses of people are tried first. */
async function find(tx: Tx, { type, value }: { type: Kind; value: string }): Promise<Candidate | null> {
  if (type === "user") return findPersonToAssign(tx, value);
  if (type !== "resource") return findTeamToAssign(tx, type, value);
  const found = await Promise.all([
    findPersonToAssign(tx, value),
    findTeamToAssign(tx, "group", value),
    findTeamToAssign(tx, "queue", value),
  ]);
  return found.find((one) => one !== null) ?? null;
}
