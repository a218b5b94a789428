import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import type { Person } from "../current-person";
import { type ApprovalSubject, hasOwnSay } from "./in-place";
import { isInForce, MAX_LINKS, type StandsFor } from "./stands-for";
import { submitterIds } from "./submitters";

type Asked = { readonly definitionId: SQL; readonly version: SQL; readonly recordId: SQL };

/** What a definition says is asked for, read from the run's record: a number field of that record itself, else null. */
const amountIn = ({ definitionId, version, recordId }: Asked): SQL => sql`(
  select case when jsonb_typeof(asked.data -> amount_field.name) = 'number' then (asked.data ->> amount_field.name)::numeric end
  from definition_version v
  join record asked on asked.record_id = ${recordId}
  cross join lateral (select substring(v.body #>> '{approval,amount}' from '^\\$Record\\.(\\w+)$') as name) amount_field
  where v.definition_id = ${definitionId} and v.version = ${version})`;

/** The same of a run. */
const amountOf = (runId: SQL): SQL => sql`(
  select ${amountIn({ definitionId: sql`amount_run.definition_id`, version: sql`amount_run.definition_version`, recordId: sql`amount_run.record_id` })}
  from run amount_run where amount_run.run_id = ${runId})`;

/** Whether the amount of a run makes a difference to this person. */
const asksAmount = ({ standsFor }: Person): boolean => standsFor.some(({ maxAmount }) => maxAmount !== null);

/** The amount of one run, asked only of whom it makes a difference to. */
export async function readAmount(db: Database, person: Person, runId: string): Promise<number | null> {
  if (!asksAmount(person)) return null;
  const [row] = await db.execute<{ amount: number | null }>(sql`select ${amountOf(sql`${runId}`)}::float8 as amount`);
  return row?.amount ?? null;
}

type Item = { readonly runId: string; readonly workItemId: string; readonly stepRunId: string; readonly kind: string };

/** An approval item's submission as the rule about deciding in somebody's place sees it; null for other items, those of debug runs, and whoever stands in for nobody. */
export async function approvalSubject(db: Database, person: Person, item: Item): Promise<ApprovalSubject | null> {
  if (person.standsFor.length === 0 || item.kind !== "approval") return null;
  const [row] = await db.execute<Omit<ApprovalSubject, "amount"> & { [column: string]: unknown }>(sql`
    select r.definition_id as "definitionId", ${submitterIds(sql`r.run_id`)} as submitters, coalesce((
      select json_agg(json_build_object('userId', coalesce(w.completed_by, w.assignee_id), 'onBehalfOf', w.on_behalf_of))
      from work_item w where w.run_id = r.run_id and w.kind = 'approval' and not w.voting and w.work_item_id <> ${item.workItemId}
        and (w.completion_kind = 'done' or (w.status = 'assigned' and w.step_run_id = ${item.stepRunId} and w.assignee_type = 'user'))), '[]') as sayers
    from run r where r.run_id = ${item.runId} and not r.is_debug`);
  return row ? { ...row, amount: await readAmount(db, person, item.runId) } : null;
}

/** A submission as it begins, when its run is not written yet. */
export type Beginning = {
  readonly definitionId: string;
  readonly version: number;
  readonly recordId: string | null;
  readonly submitters: readonly string[];
  readonly sayers: ApprovalSubject["sayers"];
};

type ToTell = {
  readonly delegateId: string;
  readonly delegateName: string;
  readonly delegatorId: string;
  readonly delegatorName: string;
  /** When it ends, in milliseconds since 1970. */
  readonly until: number;
};

/**
 * Those who decide in the place of these people now, each with whom: to be told of what comes. Submitters decide for nobody and pick nobody who does,
 * nor does who has a say of their own.
 */
export async function standInsToTell(
  db: Database,
  people: readonly string[],
  { definitionId, version, recordId, submitters, sayers }: Beginning,
): Promise<ToTell[]> {
  if (people.length === 0) return [];
  const amount = amountIn({ definitionId: sql`${definitionId}`, version: sql`${version}`, recordId: sql`${recordId}` });
  const isNone = (who: SQL) => sql`not ${who} = any(${sql.param(submitters)}::text[])`;
  const isFreely = sql`(d.created_by = d.delegator_id or ${isNone(sql`d.created_by`)})`;
  const rows = await db.execute<ToTell>(sql`
    with recursive chain as (
      select d.delegate_id, d.delegator_id as first_id, d.may_pass_on, d.valid_to as until, 1 as links from delegation d
      where d.delegator_id in (${among(people)}) and ${isInForce} and ${isScope(definitionId, amount)} and ${isFreely}
      union all
      select d.delegate_id, c.first_id, d.may_pass_on, least(c.until, d.valid_to), c.links + 1 from chain c
      join delegation d on d.delegator_id = c.delegate_id and c.may_pass_on and ${isNone(sql`c.delegate_id`)} and ${isInForce} and ${isScope(definitionId, amount)} and ${isFreely}
      where c.links < ${MAX_LINKS}
    ) select chain.delegate_id as "delegateId", u.name as "delegateName", chain.first_id as "delegatorId", f.name as "delegatorName",
      (extract(epoch from chain.until) * 1000)::float8 as until from chain
    join "user" f on f.user_id = chain.first_id and f.active and ${isNone(sql`f.user_id`)}
    join "user" u on u.user_id = chain.delegate_id and u.active and ${isNone(sql`u.user_id`)}
    where chain.delegate_id not in (${among(people)})
    order by chain.delegate_id, chain.links, chain.first_id limit 500`);
  const free = rows.filter((row) => !hasOwnSay(row.delegateId, row, { sayers }));
  return free.filter(({ delegateId }, index) => free[index - 1]?.delegateId !== delegateId).slice(0, 100);
}

const isScope = (definitionId: string, amount: SQL): SQL =>
  sql`(d.processes is null or ${definitionId} = any(d.processes)) and (d.max_amount is null or ${amount} <= d.max_amount)`;

const among = (ids: readonly string[]): SQL =>
  sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  );

/** Of no debug run, in which nobody stands in for who plays it; of rows of `work_item`. */
export const isReal = sql`not exists (select 1 from run played where played.run_id = work_item.run_id and played.is_debug)`;

/** The rule `mayReadInPlace` as a filter on rows of `work_item`, which must go by that name; undefined: stands in for nobody. */
export function whereInPlace(standsFor: readonly StandsFor[]): SQL | undefined {
  if (standsFor.length === 0) return undefined;
  const each = standsFor.map(({ delegatorId, groups, queues, processes, maxAmount }) => {
    const places = [
      sql`(work_item.assignee_type = 'user' and work_item.assignee_id = ${delegatorId})`,
      ...[["group", groups] as const, ["queue", queues] as const].flatMap(([type, ids]) =>
        ids.length > 0
          ? [
              sql`(work_item.assignee_type = ${type} and work_item.assignee_id in (${among(ids)})
                and (work_item.claimed_by is null or work_item.claimed_by = ${delegatorId}))`,
            ]
          : [],
      ),
    ];
    const isWithin = [
      ...(processes
        ? [
            sql`exists (select 1 from run scope where scope.run_id = work_item.run_id
              and scope.definition_id in (${processes.length > 0 ? among(processes) : sql`null`}))`,
          ]
        : []),
      ...(maxAmount === null ? [] : [sql`${amountOf(sql`work_item.run_id`)} <= ${maxAmount}`]),
    ];
    return sql.join([sql`(${sql.join(places, sql` or `)})`, ...isWithin], sql` and `);
  });
  return sql`(work_item.kind = 'approval' and not work_item.voting and (${sql.join(
    each.map((one) => sql`(${one})`),
    sql` or `,
  )}) and ${isReal})`;
}

/** The same rule for rows of `work_item` beside a `desk` that says in its columns `processes` and `max_amount` what was let of it. */
export const isWithinScope = sql`(desk.processes is null or exists (
    select 1 from run scope where scope.run_id = work_item.run_id and scope.definition_id = any(desk.processes)))
  and (desk.max_amount is null or ${amountOf(sql`work_item.run_id`)} <= desk.max_amount)`;
