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
 * Looks up who gets an item (A16): the assignee; when there is none, or they are inactive or may not decide on their own submission, the
 * definition's fallback; else the person who started the run. A substitute's item is flagged, so that somebody looks at it, and so is one
 * that nobody can be told of by mail, and one whose record it may not stand on.
 */
export async function resolveAssignee(tx: Tx, wish: Wish, { definition, state }: World): Promise<Command> {
  const { stepRunId, assigneeType: type, value, notUser } = wish;
  const { run } = state;
  const [wanted, { record, isWithheld }] = await Promise.all([
    value === null ? null : find(tx, { type, value }),
    recordOf(tx.db, wish, { definition, state }),
    // The mail to whoever it is will say it.
    nameOfRecord(tx, wish.recordId ?? run.record?.id ?? null),
  ]);
  const answerWith = ({ place, members }: Candidate, otherFlag: ItemFlag | null): Command => {
    const isTold = members.some(({ isReachable }) => isReachable);
    const flag = otherFlag ?? (isWithheld ? "record_withheld" : isTold ? null : "not_notified");
    // The queue's or group's members each vote, but for whoever asked (I36).
    const votes = wish.wantsMembers && place.type !== "user" ? members.map(({ userId }) => userId) : [];
    const voters = votes.filter((userId) => userId !== notUser);
    return {
      type: "answer-assignee",
      stepRunId,
      assignee: place,
      flag,
      record,
      ...(voters.length > 0 && { members: voters }),
    };
  };
  if (fits(wanted, notUser)) return answerWith(wanted, null);
  const flag: ItemFlag = wanted && isOut(wanted, notUser) ? "inactive_assignee" : "fallback";
  for (const substitute of substitutesOf(definition, run)) {
    const found = await find(tx, substitute);
    if (fits(found, notUser)) return answerWith(found, flag);
  }
  return { type: "answer-no-assignee", stepRunId, error: reasonOf(wish, wanted) };
}

/** Whose work it becomes that nobody did in time: the assignee's manager or whom the step names, else the definition's fallback (A19). */
export async function resolveEscalation(
  tx: Tx,
  { workItemId, from, to, notUser, taken }: Extract<InlineEffect, { type: "resolve-escalation" }>,
  { definition, run }: { definition: Orchestration; run: Run },
): Promise<Command> {
  const fallback = definition.fallbackAssignee ? [definition.fallbackAssignee] : [];
  const wanted = run.debug ? [] : [...(to === "manager" ? await managerOf(tx, from) : [to]), ...fallback];
  for (const wish of wanted) {
    const found = await find(tx, wish);
    if (fits(found, notUser) && !taken.includes(found.place.id))
      return { type: "answer-escalation", workItemId, assignee: found.place };
  }
  return { type: "answer-escalation", workItemId, assignee: null };
}

async function managerOf(tx: Tx, { type, id }: Assignee): Promise<{ type: "user"; value: string }[]> {
  const person = type === "user" ? await findPerson(tx.db, id) : null;
  return person?.managerId ? [{ type: "user", value: person.managerId }] : [];
}

/** Inactive, or a group or queue none of whose members could do the work. */
const isOut = ({ place, members }: Candidate, notUser: string | null): boolean =>
  place.type === "user" ? members.length === 0 : members.every(({ userId }) => userId === notUser);

const fits = (found: Candidate | null, notUser: string | null): found is Candidate =>
  found !== null && !isOut(found, notUser) && found.place.id !== notUser;

/** In a debug run one person stands in for every assignee. */
export async function playedAssignee(tx: Tx, wish: Wish, world: World): Promise<Command> {
  const { stepRunId, playedBy } = wish;
  const assignee = { type: "user", id: playedBy ?? "" } as const;
  const { record, isWithheld } = await recordOf(tx.db, wish, world);
  return { type: "answer-assignee", stepRunId, assignee, flag: isWithheld ? "record_withheld" : null, record };
}

function substitutesOf({ fallbackAssignee }: Orchestration, { startedBy }: Run): { type: Kind; value: string }[] {
  const starter = startedBy === null ? [] : [{ type: "user" as const, value: startedBy }];
  return fallbackAssignee ? [fallbackAssignee, ...starter] : starter;
}

function reasonOf({ value, assigneeType, notUser }: Wish, wanted: Candidate | null): string {
  const why =
    value === null
      ? "its assignee leads to no value"
      : !wanted
        ? `there is no ${assigneeType === "resource" ? "person, group or queue" : assigneeType} “${value.slice(0, 200)}”`
        : wanted.place.id === notUser
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
