import type { Database } from "../../db/client";
import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import type { Orchestration } from "../engine/definition";
import type { InlineEffect } from "../engine/effect";
import type { Assignee, ItemFlag, Run } from "../engine/state";
import { holdPerson } from "../people/hold-person";
import { isReachable } from "../people/is-reachable";
import { findGroup, findPerson, findQueue, membersOf } from "../people/queries";
import { readRecord } from "../records/queries/read-record";

type Wish = Extract<InlineEffect, { type: "resolve-assignee" }>;
type Kind = Wish["assigneeType"];
type Found = { readonly assignee: Assignee; readonly isActive: boolean };

/**
 * Looks up who gets an item (A16): the assignee; when there is none, or they are inactive or may not decide on their own submission, the
 * definition's fallback; else the person who started the run. A substitute's item is flagged, so that somebody looks at it, and so is one
 * that nobody can be told of by mail.
 */
export async function resolveAssignee(
  tx: Tx,
  wish: Wish,
  { definition, run }: { definition: Orchestration; run: Run },
): Promise<Command> {
  const { stepRunId } = wish;
  const record = await recordOf(tx.db, wish, run);
  const wanted =
    wish.value === null ? null : await find(tx, { kind: wish.assigneeType, value: wish.value }, wish.notUser);
  const fits = (found: Found | null) => found?.isActive && found.assignee.id !== wish.notUser;
  if (wanted && fits(wanted)) {
    const flag = (await isReachable(tx.db, wanted.assignee)) ? null : "not_notified";
    return { type: "answer-assignee", stepRunId, assignee: wanted.assignee, flag, record };
  }
  const flag: ItemFlag = wanted && !wanted.isActive ? "inactive_assignee" : "fallback";
  for (const substitute of substitutesOf(definition, run)) {
    const found = await find(tx, { kind: substitute.type, value: substitute.value }, wish.notUser);
    if (found && fits(found)) return { type: "answer-assignee", stepRunId, assignee: found.assignee, flag, record };
  }
  return { type: "answer-no-assignee", stepRunId, error: reasonOf(wish, wanted) };
}

/** In a debug run one person stands in for every assignee. */
export async function playedAssignee(tx: Tx, wish: Wish, run: Run): Promise<Command> {
  const { stepRunId, playedBy } = wish;
  const assignee: Assignee = { type: "user", id: playedBy ?? "" };
  return { type: "answer-assignee", stepRunId, assignee, flag: null, record: await recordOf(tx.db, wish, run) };
}

function substitutesOf({ fallbackAssignee }: Orchestration, { startedBy }: Run): { type: Kind; value: string }[] {
  const starter = startedBy === null ? [] : [{ type: "user" as const, value: startedBy }];
  return fallbackAssignee ? [fallbackAssignee, ...starter] : starter;
}

function reasonOf({ value, assigneeType, notUser }: Wish, wanted: Found | null): string {
  const why =
    value === null
      ? "its assignee leads to no value"
      : !wanted
        ? `there is no ${assigneeType === "resource" ? "person, group or queue" : assigneeType} “${value.slice(0, 200)}”`
        : wanted.assignee.id === notUser
          ? "its assignee is who asked for the approval"
          : "its assignee is no longer active, or has no member who could do it";
  return `Nobody can be given the work: ${why}, and no fallback could be found.`;
}

/** A reference may name any of the three; ids and e-mail addresses of people are tried first. */
async function find(
  tx: Tx,
  { kind, value }: { kind: Kind; value: string },
  notUser: string | null,
): Promise<Found | null> {
  if (kind === "user" || kind === "resource") {
    const person = await findPerson(tx.db, value);
    if (person?.kind === "person")
      return { assignee: { type: "user", id: person.userId }, isActive: await holdPerson(tx, person.userId) };
  }
  if (kind === "group" || kind === "resource") {
    const group = await findGroup(tx.db, value);
    if (group) return asPlace(tx.db, { type: "group", id: group.groupId }, notUser);
  }
  if (kind === "queue" || kind === "resource") {
    const queue = await findQueue(tx.db, value);
    if (queue) return asPlace(tx.db, { type: "queue", id: queue.queueId }, notUser);
  }
  return null;
}

/** A group or queue is as good as inactive when none of its members could do the work. */
async function asPlace(db: Database, assignee: Assignee, notUser: string | null): Promise<Found> {
  const members = await membersOf(db, assignee);
  return { assignee, isActive: members.some((id) => id !== notUser) };
}

/** The record that the item is about: usually the run's own. */
async function recordOf(db: Database, { recordId }: Wish, run: Run): Promise<Run["record"]> {
  if (recordId === null || recordId === run.record?.id) return run.record;
  const found = await readRecord(db, recordId);
  return found ? { object: found.objectName, id: found.recordId } : run.record;
}
