import { eq, ne, sql } from "drizzle-orm";
import { connection, credential } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";
import type { Person } from "../../people/current-person";
import { presentKey } from "../../people/sign-in/derive-key";
import { ok, type Result, refuse } from "../../result";
import type { NewCredential } from "../schema/connection";
import { openSecret, sealSecret } from "../seal-secret";
import { askAdmin, roomFor } from "./ask-admin";
import { resealSources } from "./keep-source";

type Change = "credential-create" | "credential-replace" | "credential-delete" | "credential-rotate";
const note = (tx: Tx, person: Person, { action, objectId }: { action: Change; objectId: string }) =>
  recordSecurityEvent(tx, { action, actorId: person.userId, objectId, allowed: true });

/** Keeps a secret, sealed. What it is for is fixed from now on: another server needs another credential. */
export async function createCredential(
  tx: Tx,
  person: Person,
  input: NewCredential,
): Promise<Result<{ credentialId: string }>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const room = await roomFor(tx, "credential");
  if (!room.ok) return room;
  const { label, origin, kind, secret } = input;
  const credentialId = newId("credential");
  const at = sql`clock_timestamp()`;
  const made = await tx.db
    .insert(credential)
    .values({
      credentialId,
      label,
      kind,
      origin,
      headerName: input.kind === "header" ? input.headerName : null,
      username: input.kind === "basic" ? input.username : null,
      ...sealSecret({ credentialId, origin }, secret),
      changedBy: person.userId,
      createdAt: at,
      changedAt: at,
    })
    .onConflictDoNothing({ target: credential.label })
    .returning({ credentialId: credential.credentialId });
  if (made.length === 0)
    return refuse("label-taken", { details: { label }, problems: [{ path: "label", message: "is taken" }] });
  await note(tx, person, { action: "credential-create", objectId: credentialId });
  return ok({ credentialId });
}

/** Puts another secret in the place of the one that is there, which nobody can read any more. */
export async function replaceSecret(
  tx: Tx,
  person: Person,
  { credentialId, secret }: { credentialId: string; secret: string },
): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const [row] = await tx.db
    .select({ origin: credential.origin })
    .from(credential)
    .where(eq(credential.credentialId, credentialId))
    .for("update");
  if (!row) return refuse("not-found");
  await tx.db
    .update(credential)
    .set({
      ...sealSecret({ credentialId, origin: row.origin }, secret),
      changedBy: person.userId,
      changedAt: sql`clock_timestamp()`,
    })
    .where(eq(credential.credentialId, credentialId));
  await note(tx, person, { action: "credential-replace", objectId: credentialId });
  return ok(null);
}

/** Forgets a secret that no connection uses. */
export async function deleteCredential(
  tx: Tx,
  person: Person,
  { credentialId }: { credentialId: string },
): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const [row] = await tx.db.select().from(credential).where(eq(credential.credentialId, credentialId)).for("update");
  if (!row) return refuse("not-found");
  const [user] = await tx.db
    .select({ label: connection.label })
    .from(connection)
    .where(eq(connection.credentialId, credentialId))
    .limit(1);
  if (user) return refuse("credential-in-use", { details: { connection: user.label } });
  await tx.db.delete(credential).where(eq(credential.credentialId, credentialId));
  await note(tx, person, { action: "credential-delete", objectId: credentialId });
  return ok(null);
}

/**
 * Seals anew with the present key whatever an older one sealed, so that AUTH_SECRET_PREVIOUS can be taken away (S85). `lost` counts those that
 * no known key opens: they are left as they are, and must be entered again. Doing it again does nothing.
 */
export async function rotateCredentials(tx: Tx, person: Person): Promise<Result<{ sealed: number; lost: number }>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const { id } = presentKey("credential");
  const rows = await tx.db
    .select()
    .from(credential)
    .where(ne(credential.keyId, id))
    .orderBy(credential.credentialId)
    .for("update");
  let sealed = 0;
  for (const row of rows) {
    const secret = openSecret(row, row);
    if (secret === null) continue;
    await tx.db.update(credential).set(sealSecret(row, secret)).where(eq(credential.credentialId, row.credentialId));
    await note(tx, person, { action: "credential-rotate", objectId: row.credentialId });
    sealed++;
  }
  const sources = await resealSources(tx);
  return ok({ sealed: sealed + sources.sealed, lost: rows.length - sealed + sources.lost });
}
