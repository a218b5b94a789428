import { and, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { run, workItem } from "../../../db/schema";
import type { Person } from "../../people/current-person";
import { submittersIn } from "../../people/delegation/submitters";
import type { WorkView } from "../schema";

type Reader = Pick<Person, "userId" | "groups" | "queues">;

const isOpen = eq(workItem.status, "assigned");
const never = sql`false`;

/** Whether an item is of those by which its step was asked for last (`askedItems` of the engine, in SQL): it was not sent again behind it. */
const isAskedLast = (item: SQL): SQL => sql`not exists (
  select 1 from work_item sent
  where sent.run_id = ${item}.run_id and sent.step_run_id = ${item}.step_run_id and sent.kind = 'revision'
    and (sent.created_at, sent.work_item_id) > (${item}.created_at, ${item}.work_item_id))`;

/**
 * Not an approval that the person has decided on with another item of its step since it was last asked for (`hasSaid` of the engine, in SQL). Its
 * `offset` keeps it a question about each item, with that run's rows at hand, and nothing that reads all that somebody ever decided.
 */
export const isUnsaid = (userId: string): SQL => sql`not exists (
  select 1 from work_item said
  where said.run_id = work_item.run_id and said.step_run_id = work_item.step_run_id and work_item.kind = 'approval'
    and said.kind = 'approval' and not said.voting and said.completion_kind = 'done'
    and said.completed_by = ${userId} and said.decided_as is distinct from 'admin' and ${isAskedLast(sql`said`)}
  offset 0)`;

/**
 * Not an approval of what the person submitted or sent again, or of what that one did in whose place they would decide (`place`, an id); one's own only
 * where its process allows self-approval. As in `isUnsaid` it is asked of each item.
 */
export const isOthers = (userId: string, place: SQL = sql`${userId}`): SQL => sql`not exists (
  select 1 from run asked join definition_version v on v.definition_id = asked.definition_id and v.version = asked.definition_version
  where asked.run_id = work_item.run_id and work_item.kind = 'approval'
    and exists (select 1 from ${submittersIn(sql`work_item.run_id`)} own where own.user_id in (${userId}, ${place}))
    and not (${place} = ${userId} and coalesce((v.body #>> '{approval,allowsSelfApproval}')::boolean, false))
  offset 0)`;

/**
 * Not an approval that the person may not decide because of what they decided on its request: for themselves, where they decided in somebody's place
 * (`standInsOf` of the engine, in SQL); in that one's place (`place`, an id), where they have a say that is not that one's (`hasOwnSay`).
 */
export const isFree = (userId: string, place: SQL = sql`${userId}`): SQL => sql`not exists (
  select 1 from work_item say
  where say.run_id = work_item.run_id and work_item.kind = 'approval' and say.kind = 'approval' and not say.voting
    and case when ${place} = ${userId} then say.on_behalf_of is not null else say.on_behalf_of is distinct from ${place} end
    and (say.completion_kind = 'done' and say.completed_by = ${userId}
      or ${place} <> ${userId} and say.status = 'assigned' and say.step_run_id = work_item.step_run_id
        and say.assignee_type = 'user' and say.assignee_id = ${userId} and say.work_item_id <> work_item.work_item_id)
  offset 0)`;

/**
 * Not an approval that was given by hand to a group or queue, where the person, or in whose place they would decide, approves another step of the run
 * or has, or a stand-in did for them (`isOthersThere` of the engine, in SQL).
 */
export const isNotElsewhere = (userId: string, place: SQL = sql`${userId}`): SQL => sql`not exists (
  select 1 from work_item part join step_run its on its.run_id = part.run_id and its.step_run_id = part.step_run_id
  join step_run this on this.run_id = work_item.run_id and this.step_run_id = work_item.step_run_id
  where part.run_id = work_item.run_id and work_item.kind = 'approval' and work_item.by_hand and work_item.assignee_type <> 'user'
    and part.kind = 'approval' and not part.voting and part.decided_as is distinct from 'admin'
    and case when part.step_run_id = this.step_run_id then part.completion_kind = 'done' and part.on_behalf_of in (${userId}, ${place})
          and ${isAskedLast(sql`part`)}
      when its.name = this.name then false
      when part.status = 'assigned' then part.assignee_type = 'user' and part.assignee_id in (${userId}, ${place})
      else part.completion_kind = 'done' and (part.completed_by in (${userId}, ${place}) or part.on_behalf_of in (${userId}, ${place})) end
  offset 0)`;

/** Items of the person's groups and queues that they may still do, whoever claimed them; of a vote the members have items of their own. */
const isMyTeams = (reader: Reader): SQL =>
  and(eq(workItem.voting, false), isTeams(reader), isMineToSay(reader)) ?? never;

/** No approval of what they asked for or sent again, nor of what they decided on in somebody's place. */
const isForThem = ({ userId }: Reader): SQL => and(isOthers(userId), isFree(userId)) ?? never;

const isMineToSay = (reader: Reader): SQL =>
  and(isUnsaid(reader.userId), isForThem(reader), isNotElsewhere(reader.userId)) ?? never;

const isTeams = ({ groups, queues }: Reader): SQL =>
  or(
    groups.length > 0 ? and(eq(workItem.assigneeType, "group"), inArray(workItem.assigneeId, [...groups])) : undefined,
    queues.length > 0 ? and(eq(workItem.assigneeType, "queue"), inArray(workItem.assigneeId, [...queues])) : undefined,
  ) ?? never;

/** Items that are this very person's: assigned to them, or claimed by them as long as they are in the group or queue. */
const isMyOwn = (reader: Reader): SQL =>
  or(
    and(eq(workItem.assigneeType, "user"), eq(workItem.assigneeId, reader.userId), isForThem(reader)),
    and(eq(workItem.claimedBy, reader.userId), isMyTeams(reader)),
  ) ?? never;

const isMineToDo = (reader: Reader): SQL =>
  or(isMyOwn(reader), and(isMyTeams(reader), isNull(workItem.claimedBy))) ?? never;

/** Open items that the person may work on: their own, and their teams' that nobody else has claimed. */
export const whereToDo = (reader: Reader): SQL => and(isOpen, isMineToDo(reader)) ?? never;

/**
 * The items of one view of My work, over `work_item` joined with `run`. Each is answered from an index: of open items by assignee or claimer, of
 * runs by who asked for them, of closed items by who finished them.
 */
export function whereInView(view: Exclude<WorkView, "requests">, reader: Reader): SQL {
  switch (view) {
    case "now":
      return and(isOpen, isMyOwn(reader)) ?? never;
    case "groups":
      return and(isOpen, isMyTeams(reader), sql`${workItem.claimedBy} is distinct from ${reader.userId}`) ?? never;
    case "waiting":
      return and(isOpen, eq(run.askedBy, reader.userId), sql`not coalesce(${isMineToDo(reader)}, false)`) ?? never;
    case "done":
      return and(eq(workItem.completedBy, reader.userId), eq(workItem.completionKind, "done")) ?? never;
  }
}

/** Items whose label, record or process holds the text; undefined: no search. */
export function whereFound(search: string | undefined): SQL | undefined {
  const text = search?.trim().toLowerCase().replaceAll("\0", "");
  if (!text) return undefined;
  return sql`position(${text}::text in lower(concat_ws(' ', ${workItem.label}, ${workItem.recordName}, ${workItem.processLabel}))) > 0`;
}
