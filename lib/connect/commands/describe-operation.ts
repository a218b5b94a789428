import { and, eq, sql } from "drizzle-orm";
import { connection, definitionVersion, operation } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Person } from "../../people/current-person";
import { ok, type Result, refuse } from "../../result";
import type { ChangeOperation, NewOperation } from "../schema/operation";
import { askAdmin, roomFor } from "./ask-admin";

/** Describes a request that steps may make. Its name is what definitions call it and never changes. */
export async function createOperation(tx: Tx, person: Person, input: NewOperation): Promise<Result<{ name: string }>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const room = await roomFor(tx, "operation");
  if (!room.ok) return room;
  const known = await hasConnection(tx, input.connectionId);
  if (!known.ok) return known;
  const { name } = input;
  const at = sql`clock_timestamp()`;
  const made = await tx.db
    .insert(operation)
    .values({ ...input, changedBy: person.userId, createdAt: at, changedAt: at })
    .onConflictDoNothing()
    .returning({ name: operation.name });
  if (made.length === 0)
    return refuse("name-taken", { details: { name }, problems: [{ path: "name", message: "is taken" }] });
  await note(tx, person, { action: "operation-create", name });
  return ok({ name });
}

/** Changes all of an operation but its name. Refusals: `operation-changed` when somebody else did since `version`. */
export async function changeOperation(
  tx: Tx,
  person: Person,
  input: ChangeOperation,
): Promise<Result<{ version: number }>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const { name, version, ...values } = input;
  const [held] = await tx.db
    .select({ version: operation.version, label: operation.label })
    .from(operation)
    .where(eq(operation.name, name))
    .for("update");
  if (!held) return refuse("not-found");
  if (held.version !== version) return refuse("operation-changed", { details: { name: held.label } });
  const known = await hasConnection(tx, input.connectionId);
  if (!known.ok) return known;
  await tx.db
    .update(operation)
    .set({ ...values, version: version + 1, changedBy: person.userId, changedAt: sql`clock_timestamp()` })
    .where(eq(operation.name, name));
  await note(tx, person, { action: "operation-change", name });
  return ok({ version: version + 1 });
}

/** Deletes an operation that no active definition calls. */
export async function deleteOperation(tx: Tx, person: Person, { name }: { name: string }): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const [held] = await tx.db
    .select({ label: operation.label })
    .from(operation)
    .where(eq(operation.name, name))
    .for("update");
  if (!held) return refuse("not-found");
  const [caller] = await tx.db
    .select({ name: definitionVersion.definitionId })
    .from(definitionVersion)
    .where(
      and(
        eq(definitionVersion.status, "active"),
        sql`${definitionVersion.body} @? ${`$.elements[*].steps[*].operation ? (@ == ${JSON.stringify(name)})`}::jsonpath`,
      ),
    )
    .limit(1);
  if (caller) return refuse("operation-in-use", { details: { name: held.label, definition: caller.name } });
  await tx.db.delete(operation).where(eq(operation.name, name));
  await note(tx, person, { action: "operation-delete", name });
  return ok(null);
}

async function hasConnection(tx: Tx, connectionId: string): Promise<Result<null>> {
  const rows = await tx.db
    .select({ id: connection.connectionId })
    .from(connection)
    .where(eq(connection.connectionId, connectionId))
    .for("share");
  if (rows.length > 0) return ok(null);
  return refuse("invalid", { problems: [{ path: "connectionId", message: "is not here any more" }] });
}

const note = (tx: Tx, person: Person, { action, name }: { action: string; name: string }) =>
  recordSecurityEvent(tx, { action, actorId: person.userId, objectId: name, allowed: true });

/** Leaves a trace that somebody calls an operation by hand; refused like something that is not there for whoever may not. */
export async function noteTrial(tx: Tx, person: Person, { name }: { name: string }): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const rows = await tx.db.select({ name: operation.name }).from(operation).where(eq(operation.name, name));
  if (rows.length === 0) return refuse("not-found");
  await note(tx, person, { action: "operation-try", name });
  return ok(null);
}
