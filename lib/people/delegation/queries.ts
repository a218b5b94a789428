import { and, desc, eq, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { decodeCursor, PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { definition, delegation, user } from "../../../db/schema";
import { may } from "../../gate";
import type { Person } from "../current-person";
import { containing, namesOf } from "../queries";
import type { DelegationFilter, DelegationRow, DelegationState } from "../schema/delegation";

type Read = typeof delegation.$inferSelect & { readonly state: DelegationState; readonly createdText: string };

const { acceptedAt, endedAt, endedBy, delegateId, delegatorId, validFrom, validTo, createdAt, delegationId } =
  delegation;
const state = sql<DelegationState>`case
  when ${endedAt} is not null and ${acceptedAt} is not null then 'ended'
  when ${endedAt} is not null then case when ${endedBy} = ${delegateId} then 'declined' else 'withdrawn' end
  when ${validTo} <= clock_timestamp() then case when ${acceptedAt} is null then 'lapsed' else 'over' end
  when ${acceptedAt} is null then 'asked' when ${validFrom} > clock_timestamp() then 'coming' else 'in_force' end`;
const isOpen = sql`(${endedAt} is null and ${validTo} > clock_timestamp())`;

const read = (
  db: Database,
  where: SQL | undefined,
  { order, limit }: { order: SQL[]; limit: number },
): Promise<Read[]> =>
  db
    .select({ ...getTableColumns(delegation), state, createdText: sql<string>`${createdAt}::text` })
    .from(delegation)
    .where(where)
    .orderBy(...order)
    .limit(limit);

const NEWEST = [desc(createdAt), desc(delegationId)];

/** What a person gave, and what they were given: what is open first; at most 100 of each. */
export async function delegationsOf(
  db: Database,
  person: Person,
): Promise<{ given: DelegationRow[]; taken: DelegationRow[] }> {
  const mine = (where: SQL) => read(db, where, { order: [desc(isOpen), ...NEWEST], limit: 100 });
  const [given, taken] = await Promise.all([mine(eq(delegatorId, person.userId)), mine(eq(delegateId, person.userId))]);
  const rows = await shown(db, person, [...given, ...taken]);
  return { given: rows.slice(0, given.length), taken: rows.slice(given.length) };
}

/** Everybody's, newest first, found by the name of either person. A page of 50. */
export async function listDelegations(
  db: Database,
  person: Person,
  { search, open, cursor }: DelegationFilter,
): Promise<Page<DelegationRow>> {
  const after = decodeCursor(cursor, 2);
  const isNamed = search?.trim()
    ? sql`exists (select 1 from ${user} u where u.user_id in (${delegatorId}, ${delegateId}) and u.name ilike ${containing(search)})`
    : undefined;
  const isAfter =
    after && Number.isFinite(Date.parse(String(after[0])))
      ? sql`(${createdAt}, ${delegationId}) < (${String(after[0])}::timestamptz, ${String(after[1])})`
      : undefined;
  const rows = await read(db, and(isNamed, open ? isOpen : undefined, isAfter), {
    order: NEWEST,
    limit: PAGE_SIZE + 1,
  });
  const page = pageOf(rows, PAGE_SIZE, (row) => [row.createdText, row.delegationId]);
  return { rows: await shown(db, person, page.rows), next: page.next };
}

async function shown(db: Database, person: Person, rows: readonly Read[]): Promise<DelegationRow[]> {
  const people = rows.flatMap((row) => [row.delegatorId, row.delegateId, row.createdBy, row.endedBy ?? row.createdBy]);
  const ids = [...new Set(rows.flatMap(({ processes }) => processes ?? []))];
  const [names, processes] = await Promise.all([
    namesOf(
      db,
      [...new Set(people)].map((id) => ({ type: "user", id })),
    ),
    ids.length > 0
      ? db
          .select({ id: definition.definitionId, label: definition.label })
          .from(definition)
          .where(inArray(definition.definitionId, ids))
      : [],
  ]);
  const labels = new Map(processes.map(({ id, label }) => [id, label]));
  const named = (id: string) => ({ id, name: names[id] ?? "Unknown" });
  return rows.map((row) => ({
    delegationId: row.delegationId,
    delegator: named(row.delegatorId),
    delegate: named(row.delegateId),
    from: row.validFrom.toISOString(),
    to: row.validTo.toISOString(),
    processes: row.processes?.map((id) => labels.get(id) ?? id) ?? null,
    ...{ maxAmount: row.maxAmount, mayPassOn: row.mayPassOn, reason: row.reason, state: row.state },
    madeBy: row.createdBy === row.delegatorId ? null : named(row.createdBy).name,
    ended: row.endedAt && { at: row.endedAt.toISOString(), byName: row.endedBy && named(row.endedBy).name },
    mayAnswer: row.state === "asked" && may(person, "delegation.answer", row),
    mayEnd: ["asked", "coming", "in_force"].includes(row.state) && may(person, "delegation.end", row),
  }));
}

/** Who of these people let somebody stand in for them now, in whatever. */
export async function awayAmong(db: Database, people: readonly string[]): Promise<string[]> {
  if (people.length === 0) return [];
  const rows = await db
    .selectDistinct({ delegatorId })
    .from(delegation)
    .where(
      and(
        inArray(delegatorId, [...new Set(people)]),
        sql`${acceptedAt} is not null and ${validFrom} <= clock_timestamp()`,
        isOpen,
      ),
    );
  return rows.map((row) => row.delegatorId);
}
