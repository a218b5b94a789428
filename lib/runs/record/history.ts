import { AUTOMATED_USER_ID, type assignment, type history } from "../../../db/schema";
import type { Actor } from "../../engine/command";
import type { DescribedEvent } from "../../engine/turn";
import { cut, hashOf } from "../chain";

/** An event with when and by whom: what dispatch gathered from its decisions. `runner`: whose rights a step took on, by id where its event has a name. */
export type Happened = DescribedEvent & { readonly at: string; readonly actor: Actor; readonly runner?: string };

/** Where a run's history stands: its length, and the hash of its last row. */
export type Head = { readonly seq: number; readonly hash: string };

type Chapter = { readonly runId: string; readonly head: Head; readonly happened: readonly Happened[] };

/** The rows of what happened, numbered on and chained, and the new head. */
export function chained(
  { runId, head, happened }: Chapter,
  commandId: string,
): { rows: (typeof history.$inferInsert)[]; head: Head } {
  let { seq, hash } = head;
  const rows = happened.map(({ event, at, actor, runner, ...described }) => {
    const { salt, personal, ...covered } = cut(event);
    const isPerson = actor.type === "user";
    const link = {
      runId,
      seq: ++seq,
      at: new Date(at),
      type: event.type,
      ...described,
      actorType: actor.type,
      actorId: isPerson ? actor.id : null,
      onBehalfOf: isPerson ? (actor.onBehalfOf ?? null) : null,
      runAs: runner ?? (event.type === "step-started" ? event.runAs : null) ?? AUTOMATED_USER_ID,
      commandId,
      ...covered,
    };
    const prevHash = hash;
    hash = hashOf(prevHash, link);
    return { ...link, salt, personal, prevHash, hash };
  });
  return { rows, head: { seq, hash } };
}

/** Who had an item when: a row for each assignment among the events. */
export function assignmentRows(runId: string, happened: readonly Happened[]): (typeof assignment.$inferInsert)[] {
  return happened.flatMap(({ event, at, actor }): (typeof assignment.$inferInsert)[] => {
    const by = { at: new Date(at), byId: actor.type === "user" ? actor.id : null };
    if (event.type === "work-item-created") {
      const { workItemId, assignee } = event;
      const to = { toType: assignee.type, toId: assignee.id };
      return [{ runId, workItemId, assignmentNo: 1, fromType: null, fromId: null, ...to, reason: "", ...by }];
    }
    if (event.type !== "work-item-reassigned") return [];
    const { workItemId, assignmentNo, from, to, reason } = event;
    const moved = { fromType: from.type, fromId: from.id, toType: to.type, toId: to.id };
    return [{ runId, workItemId, assignmentNo, ...moved, reason, ...by }];
  });
}
