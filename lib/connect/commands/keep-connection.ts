import { and, eq, ne, sql } from "drizzle-orm";
import { connection, credential, operation } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";
import type { Person } from "../../people/current-person";
import { ok, type Refusal, type Result, refuse } from "../../result";
import type { ChangeConnection, NewConnection } from "../schema/connection";
import { askAdmin, roomFor } from "./ask-admin";

/** Names where operations of another system begin. It can be called once its host is allowed. */
export async function createConnection(
  tx: Tx,
  person: Person,
  input: NewConnection,
): Promise<Result<{ connectionId: string }>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const room = await roomFor(tx, "connection");
  if (!room.ok) return room;
  const connectionId = newId("connection");
  const problem = await problemWith(tx, { ...input, connectionId });
  if (problem) return { ok: false, refusal: problem };
  const at = sql`clock_timestamp()`;
  await tx.db.insert(connection).values({ ...input, connectionId, createdAt: at, changedAt: at });
  await note(tx, person, { action: "connection-create", connectionId, baseUrl: input.baseUrl });
  return ok({ connectionId });
}

export async function changeConnection(tx: Tx, person: Person, input: ChangeConnection): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const { connectionId, ...values } = input;
  const held = await tx.db
    .select({ id: connection.connectionId })
    .from(connection)
    .where(eq(connection.connectionId, connectionId))
    .for("update");
  if (held.length === 0) return refuse("not-found");
  const problem = await problemWith(tx, input);
  if (problem) return { ok: false, refusal: problem };
  await tx.db
    .update(connection)
    .set({ ...values, changedAt: sql`clock_timestamp()` })
    .where(eq(connection.connectionId, connectionId));
  await note(tx, person, { action: "connection-change", connectionId, baseUrl: input.baseUrl });
  return ok(null);
}

export async function deleteConnection(
  tx: Tx,
  person: Person,
  { connectionId }: { connectionId: string },
): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const [row] = await tx.db.select().from(connection).where(eq(connection.connectionId, connectionId)).for("update");
  if (!row) return refuse("not-found");
  const [user] = await tx.db
    .select({ label: operation.label })
    .from(operation)
    .where(eq(operation.connectionId, connectionId))
    .limit(1);
  if (user) return refuse("connection-in-use", { details: { operation: user.label } });
  await tx.db.delete(connection).where(eq(connection.connectionId, connectionId));
  await note(tx, person, { action: "connection-delete", connectionId, baseUrl: row.baseUrl });
  return ok(null);
}

/** A label belongs to one; a credential goes to the server it was entered for and nowhere else. */
async function problemWith(
  tx: Tx,
  { connectionId, label, baseUrl, credentialId }: ChangeConnection,
): Promise<Refusal | null> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('connections', 7))`;
  const [twin] = await tx.db
    .select({ id: connection.connectionId })
    .from(connection)
    .where(and(eq(connection.label, label), ne(connection.connectionId, connectionId)));
  if (twin) return { code: "label-taken", details: { label }, problems: [{ path: "label", message: "is taken" }] };
  if (credentialId === null) return null;
  const [row] = await tx.db
    .select({ origin: credential.origin })
    .from(credential)
    .where(eq(credential.credentialId, credentialId))
    .for("share");
  if (!row) return { code: "invalid", problems: [{ path: "credentialId", message: "is not here any more" }] };
  if (row.origin === new URL(baseUrl).origin) return null;
  const problems = [{ path: "credentialId", message: `is for ${row.origin}` }];
  return { code: "credential-elsewhere", details: { origin: row.origin }, problems };
}

const note = (
  tx: Tx,
  person: Person,
  { action, connectionId, baseUrl }: { action: string; connectionId: string; baseUrl: string },
) =>
  recordSecurityEvent(tx, {
    action,
    actorId: person.userId,
    objectId: connectionId,
    allowed: true,
    details: { baseUrl },
  });
