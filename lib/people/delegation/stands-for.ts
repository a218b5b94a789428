import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import type { Tx } from "../../../db/transaction";
import { placesOf } from "../queries";

/** Delegations that lead from one person to the next: somebody who stands in may themselves be stood in for, this often in all. */
export const MAX_LINKS = 3;

/** Somebody in whose place a person decides approvals now. */
export type StandsFor = {
  readonly delegatorId: string;
  /** Definition ids; null: all approval processes. */
  readonly processes: readonly string[] | null;
  /** The most that may be asked for; null: any amount, or none. */
  readonly maxAmount: number | null;
  /** Who had a hand in it: admins who made it so for others, and who passed it on in between. It counts for nothing that they ask for. */
  readonly makers: readonly string[];
  /** Where work for the delegator may lie. */
  readonly groups: readonly string[];
  readonly queues: readonly string[];
};

/** One of those, as it is read. */
export type Chain = {
  ids: string[];
  delegatorId: string;
  processes: string[] | null;
  maxAmount: number | null;
  makers: string[];
};

/** So long before its end a delegation counts no more: what is decided by it is committed within that time. */
const MARGIN = sql`interval '2 seconds'`;
/** Of a delegation that goes by the name `d`. */
export const isInForce = sql`d.accepted_at is not null and d.ended_at is null and d.valid_from <= clock_timestamp()
  and d.valid_to > clock_timestamp() + ${MARGIN}`;

/** Whoever made a delegation `d` of somebody else's place. */
const maker = sql`case when d.created_by = d.delegator_id then '{}'::text[] else array[d.created_by]::text[] end`;

/** Who is stood in for: first those who asked for it themselves, then those who let it be passed on. Scopes along a chain narrow. */
export const chainsQuery = (userId: string | SQL): SQL => sql`
    with recursive chain as (
      select array[d.delegation_id] as ids, d.delegator_id, d.processes, d.max_amount, ${maker} as makers from delegation d
      where d.delegate_id = ${userId} and ${isInForce}
      union all
      select d.delegation_id || c.ids, d.delegator_id,
        case when c.processes is null then d.processes when d.processes is null then c.processes
          else array(select unnest(c.processes) intersect select unnest(d.processes)) end,
        least(c.max_amount, d.max_amount), ${maker} || c.makers || c.delegator_id
      from chain c join delegation d on d.delegate_id = c.delegator_id and d.may_pass_on and d.delegator_id <> ${userId} and ${isInForce}
      where cardinality(c.ids) < ${MAX_LINKS}
    ) select ids, delegator_id as "delegatorId", processes, max_amount::float8 as "maxAmount", makers
    from chain join "user" u on u.user_id = chain.delegator_id and u.active
    order by cardinality(ids), ids limit 100`;

/** In whose place that is; nothing is asked for nearly everybody, whom nobody asked. */
export const withPlaces = (database: Database, chains: readonly Chain[]): Promise<StandsFor[]> =>
  Promise.all(
    chains.map(async ({ delegatorId, processes, maxAmount, makers }) => {
      return { delegatorId, processes, maxAmount, makers, ...(await placesOf(database, delegatorId)) };
    }),
  );

/** The same, and it stays so until the transaction ends: whoever ends one of them meanwhile waits. */
export async function holdStandsFor(tx: Tx, rows: readonly Chain[]): Promise<StandsFor[]> {
  const ids = [...new Set(rows.flatMap((row) => row.ids))].toSorted();
  if (ids.length === 0) return [];
  const held = await tx.db.execute<{ id: string }>(sql`
    select d.delegation_id as id from delegation d where d.delegation_id in ${ids} and ${isInForce} order by 1 for share`);
  const still = new Set(held.map(({ id }) => id));
  return withPlaces(
    tx.db,
    rows.filter((row) => row.ids.every((id) => still.has(id))),
  );
}
