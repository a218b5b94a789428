import { eq, ne, sql } from "drizzle-orm";
import { definition, eventSource } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Person } from "../../people/current-person";
import { presentKey } from "../../people/sign-in/derive-key";
import { ok, type Result, refuse } from "../../result";
import { sealedForSource } from "../queries/source-named";
import type { NewSource } from "../schema/event";
import { openSecret, sealSecret } from "../seal-secret";
import { askAdmin, roomFor } from "./ask-admin";

type Change = "event-source-create" | "event-source-replace" | "event-source-delete";
const note = (tx: Tx, person: Person, { action, name }: { action: Change; name: string }) =>
  recordSecurityEvent(tx, { action, actorId: person.userId, objectId: name, allowed: true });

/** A source of events for one process. Its secret, which the caller made and shows once, is kept sealed. */
export async function createSource(
  tx: Tx,
  person: Person,
  { secret, ...input }: NewSource & { secret: string },
): Promise<Result<{ name: string }>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const room = await roomFor(tx, "event_source");
  if (!room.ok) return room;
  const { name, definitionId } = input;
  const [bound] = await tx.db.select().from(definition).where(eq(definition.definitionId, definitionId));
  if (bound?.kind !== "orchestration")
    return refuse("invalid", { problems: [{ path: "definitionId", message: "is no orchestration" }] });
  const made = await tx.db
    .insert(eventSource)
    .values({
      ...input,
      ...sealSecret(sealedForSource(name), secret),
      createdBy: person.userId,
      createdAt: sql`clock_timestamp()`,
    })
    .onConflictDoNothing({ target: eventSource.name })
    .returning({ name: eventSource.name });
  if (made.length === 0)
    return refuse("label-taken", { details: { label: name }, problems: [{ path: "name", message: "is taken" }] });
  await note(tx, person, { action: "event-source-create", name });
  return ok({ name });
}

/** Another secret, from the next event on; the one before is worth nothing any more. */
export async function replaceSourceSecret(
  tx: Tx,
  person: Person,
  { name, secret }: { name: string; secret: string },
): Promise<Result<{ name: string }>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const changed = await tx.db
    .update(eventSource)
    .set(sealSecret(sealedForSource(name), secret))
    .where(eq(eventSource.name, name))
    .returning({ name: eventSource.name });
  if (changed.length === 0) return refuse("not-found");
  await note(tx, person, { action: "event-source-replace", name });
  return ok({ name });
}

/** Closes the door for that source. Runs that it started go on. */
export async function deleteSource(tx: Tx, person: Person, { name }: { name: string }): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const gone = await tx.db.delete(eventSource).where(eq(eventSource.name, name)).returning({ name: eventSource.name });
  if (gone.length === 0) return refuse("not-found");
  await note(tx, person, { action: "event-source-delete", name });
  return ok(null);
}

/** Seals the secrets of all sources with the present key; says how many, and how many no known key opens. */
export async function resealSources(tx: Tx): Promise<{ sealed: number; lost: number }> {
  const rows = await tx.db
    .select()
    .from(eventSource)
    .where(ne(eventSource.keyId, presentKey("credential").id))
    .orderBy(eventSource.name)
    .for("update");
  let sealed = 0;
  for (const row of rows) {
    const secret = openSecret(sealedForSource(row.name), row);
    if (secret === null) continue;
    await tx.db
      .update(eventSource)
      .set(sealSecret(sealedForSource(row.name), secret))
      .where(eq(eventSource.name, row.name));
    sealed++;
  }
  return { sealed, lost: rows.length - sealed };
}
