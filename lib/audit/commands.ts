import { securityEvent } from "../../db/schema/queue";
import { type Tx, transaction } from "../../db/transaction";
import { writeRows } from "../../db/write-rows";
import { newId } from "../ids";
import type { Value } from "../logic/value";
import { askedNow } from "./in-request";

export type SecurityEvent = {
  /** A verb and its object, e.g. `sign-in`, `role-change`, `token-create`; what the admin's list filters by. */
  readonly action: string;
  /** Who acted, or null: nobody known, or Baton itself. */
  readonly actorId: string | null;
  readonly objectId: string | null;
  readonly allowed: boolean;
  /** Facts that say what and from where. Never a secret. */
  readonly details?: { readonly [name: string]: Value };
};

/**
 * Writes down who did, or was refused, what (S81). With the caller's transaction it stays if the act does; with null it has one of its
 * own, for refusals, which roll back everything else. The row is sealed into the chain by the worker soon after.
 */
export async function recordSecurityEvent(tx: Tx | null, event: SecurityEvent): Promise<void> {
  if (tx) return insertEvent(tx, event);
  await transaction({ commandId: newId("command"), actorId: event.actorId }, async (own) => insertEvent(own, event));
}

/** The same reading by the same person is written down once an hour. */
const READ_AGAIN = "1 hour";

/** Writes down that somebody read what is another's (S83), in a transaction of its own: the reading itself changes nothing. */
export async function recordReading(reading: { action: string; actorId: string; objectId: string }): Promise<void> {
  const { action, actorId, objectId } = reading;
  await transaction({ commandId: newId("command"), actorId }, async (tx) => {
    await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`${action} ${actorId} ${objectId}`}, 0))`;
    const known = await tx.sql`
      select 1 from security_event where at > clock_timestamp() - ${READ_AGAIN}::interval
        and action = ${action} and actor_id = ${actorId} and object_id = ${objectId} limit 1`;
    if (known.length === 0) insertEvent(tx, { ...reading, allowed: true });
  });
}

/** Sent with what else the command writes, and not awaited. */
function insertEvent(tx: Tx, { details, ...event }: SecurityEvent): void {
  const row = { ...event, eventId: newId("securityEvent"), details: { ...askedNow(), ...details }, at: null };
  writeRows(tx, [{ table: securityEvent, how: "insert", rows: [row], derived: { at: "clock_timestamp()" } }]);
}
