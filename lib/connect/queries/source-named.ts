import { asc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { definition, eventSource, user } from "../../../db/schema";
import type { ShownSource } from "../schema/event";
import { openSecret, type SealedFor } from "../seal-secret";

/** What a source's sealed secret is bound to: moved to another source, or to a credential, it opens no more. */
export const sealedForSource = (name: string): SealedFor => ({ credentialId: name, origin: "event source" });

export type Source = { readonly name: string; readonly label: string; readonly definitionId: string };

/** A source with its secret, for the door alone; null: there is none, or no known key opens its secret. */
export async function sourceNamed(database: Database, name: string): Promise<(Source & { secret: string }) | null> {
  const [row] = await database.select().from(eventSource).where(eq(eventSource.name, name));
  const secret = row ? openSecret(sealedForSource(name), row) : null;
  return row && secret !== null ? { name, label: row.label, definitionId: row.definitionId, secret } : null;
}

/** Everything of the sources but their secrets. */
export async function listSources(database: Database): Promise<ShownSource[]> {
  const rows = await database
    .select({ source: eventSource, createdBy: user.name })
    .from(eventSource)
    .leftJoin(user, eq(user.userId, eventSource.createdBy))
    .orderBy(asc(eventSource.label), asc(eventSource.name));
  return rows.map(({ source: { name, label, definitionId, createdAt, lastEventAt }, createdBy }) => ({
    name,
    label,
    definitionId,
    createdBy: createdBy ?? "",
    createdAt: createdAt.toISOString(),
    lastEventAt: lastEventAt?.toISOString() ?? null,
  }));
}

/** What a source may be bound to. */
export async function orchestrationNames(database: Database): Promise<{ value: string; label: string }[]> {
  const rows = await database
    .select({ value: definition.definitionId, label: definition.label })
    .from(definition)
    .where(eq(definition.kind, "orchestration"))
    .orderBy(asc(definition.label), asc(definition.definitionId));
  return rows;
}
