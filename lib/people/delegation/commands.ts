import { sql } from "drizzle-orm";
import { delegation } from "../../../db/schema";
import { databaseNow, type Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { may } from "../../gate";
import { newId } from "../../ids";
import { ok, type Refusal, type Result, refuse } from "../../result";
import type { Person } from "../current-person";
import { holdPerson } from "../hold-person";
import { refreshPerson } from "../refresh-person";
import { MAX_OPEN, type NewDelegation } from "../schema/delegation";
import { circleProblem } from "./find-circle";
import { tellOfDelegation } from "./tell";

type Row = typeof delegation.$inferSelect;
type Told = Result<{ delegationId: string }>;
const invalid = (path: string, message: string): Refusal => ({ code: "invalid", problems: [{ path, message }] });

/**
 * Lets somebody decide approvals in a person's place for a time. Their own place people give away themselves, and it counts from when the
 * other accepts; somebody else's only an admin, and it counts at once. Refusals: `not-found`, `invalid`, `too-many-delegations`,
 * `delegation-circle`, `delegation-chain` (both name it in details.circle).
 */
export async function createDelegation(tx: Tx, person: Person, input: NewDelegation): Promise<Told> {
  const delegatorId = input.delegatorId ?? person.userId;
  // One at a time, so that two do not close a circle together.
  const [now] = await Promise.all([
    refreshPerson(tx, person),
    tx.sql`select pg_advisory_xact_lock(hashtextextended('delegations', 7))`,
  ]);
  if (!now || !may(now, "delegation.create", { delegatorId })) return refuse("not-found");
  const at = await databaseNow(tx);
  const from = new Date(Math.max(at.getTime(), Date.parse(input.from)));
  const made = { ...input, delegatorId, from, to: new Date(input.to) };
  const problem = await problemOf(tx, made, at);
  if (problem) return { ok: false, refusal: problem };
  const isForced = delegatorId !== now.userId;
  const delegationId = newId("delegation");
  const { delegateId, processes, maxAmount, mayPassOn, reason } = input;
  const row = {
    ...{ delegationId, delegatorId, delegateId, processes, maxAmount, mayPassOn, reason },
    ...{ validFrom: from, validTo: made.to, createdBy: now.userId, createdAt: at, acceptedAt: isForced ? at : null },
    ...{ endedAt: null, endedBy: null },
  };
  const event = isForced ? "made" : "asked";
  await Promise.all([tx.db.insert(delegation).values(row), tellOfDelegation(tx, row, { event, by: now })]);
  return ok({ delegationId });
}

type Made = Pick<NewDelegation, "delegateId" | "processes" | "mayPassOn"> & {
  readonly delegatorId: string;
  readonly from: Date;
  readonly to: Date;
};

async function problemOf(tx: Tx, made: Made, at: Date): Promise<Refusal | null> {
  const { delegatorId, delegateId, from, to, processes } = made;
  if (delegatorId === delegateId) return invalid("delegateId", "is the same person");
  if (to <= at) return invalid("to", "is over already");
  const [isGiver, isTaker, known, open, circle] = await Promise.all([
    holdPerson(tx, delegatorId),
    holdPerson(tx, delegateId),
    countProcesses(tx, processes ?? []),
    tx.sql`
      select 1 from delegation where delegator_id = ${delegatorId} and ended_at is null and valid_to > clock_timestamp() limit ${MAX_OPEN}`,
    circleProblem(tx, { delegatorId, delegateId, from, to, mayPassOn: made.mayPassOn }),
  ]);
  if (!isGiver) return invalid("delegatorId", "is not an active person");
  if (!isTaker) return invalid("delegateId", "is not an active person");
  if (known < new Set(processes).size) return invalid("processes", "names a process that is not here any more");
  return open.length === MAX_OPEN ? { code: "too-many-delegations", details: { limit: MAX_OPEN } } : circle;
}

async function countProcesses(tx: Tx, ids: readonly string[]): Promise<number> {
  const rows = await tx.sql`select 1 from definition where definition_id = any(${[...ids]}) and type = 'approval'`;
  return rows.length;
}

/** Whoever was asked to decide in somebody's place says whether they will. Refusals: `not-found`, `delegation-over`. */
export async function answerDelegation(
  tx: Tx,
  person: Person,
  { delegationId, accept }: { delegationId: string; accept: boolean },
): Promise<Told> {
  const found = await hold(tx, person, { delegationId, operation: "delegation.answer" });
  if (!found.ok) return found;
  const { row, now } = found.value;
  if (row.acceptedAt) return refuse("delegation-over");
  const set = accept ? sql`accepted_at = ${at(now.at)}` : sql`ended_at = ${at(now.at)}, ended_by = ${person.userId}`;
  await tx.db.execute(sql`update delegation set ${set} where delegation_id = ${delegationId}`);
  await tellOfDelegation(tx, row, { event: accept ? "accepted" : "declined", by: now.person });
  return ok({ delegationId });
}

/** Ends it before its time, at once. The delegator, the delegate and admins may. Refusals: `not-found`, `delegation-over`. */
export async function endDelegation(tx: Tx, person: Person, { delegationId }: { delegationId: string }): Promise<Told> {
  const found = await hold(tx, person, { delegationId, operation: "delegation.end" });
  if (!found.ok) return found;
  const { row, now } = found.value;
  await tx.db.execute(sql`
    update delegation set ended_at = ${at(now.at)}, ended_by = ${person.userId} where delegation_id = ${delegationId}`);
  await tellOfDelegation(tx, row, { event: "ended", by: now.person });
  return ok({ delegationId });
}

/** Ends everything that a person who leaves gave or took. The caller has asked the gate. */
export async function endDelegationsOf(tx: Tx, by: Person, userId: string): Promise<void> {
  const open = await tx.sql<{ id: string }[]>`
    select delegation_id as id from delegation where ${userId} in (delegator_id, delegate_id) and ended_at is null and valid_to > clock_timestamp()
    order by 1 for update`;
  for (const { id } of open) {
    await tx.db.execute(sql`
      update delegation set ended_at = ${at(await databaseNow(tx))}, ended_by = ${by.userId} where delegation_id = ${id}`);
    await recordSecurityEvent(tx, { action: "delegation-end", actorId: by.userId, objectId: id, allowed: true });
  }
}

const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;

/** The row, held before the person: who decides by it at this moment has it held, and is waited for. */
async function hold(
  tx: Tx,
  person: Person,
  { delegationId, operation }: { delegationId: string; operation: "delegation.answer" | "delegation.end" },
): Promise<Result<{ row: Row; now: { person: Person; at: Date } }>> {
  const [row] = await tx.db
    .select()
    .from(delegation)
    .where(sql`${delegation.delegationId} = ${delegationId}`)
    .for("update");
  const now = await refreshPerson(tx, person);
  if (!row || !now || !may(now, operation, row)) return refuse("not-found");
  const at = await databaseNow(tx);
  return row.endedAt || row.validTo <= at ? refuse("delegation-over") : ok({ row, now: { person: now, at } });
}
