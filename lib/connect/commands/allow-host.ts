import { and, eq, sql } from "drizzle-orm";
import { allowedHost } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Person } from "../../people/current-person";
import { ok, type Result, refuse } from "../../result";
import { type Host, hostOf } from "../reach-host";
import { askAdmin, roomFor } from "./ask-admin";

/** Lets operations call a server, by scheme, host and port (S59); a private address only by itself. Allowing it again changes nothing. */
export async function allowHost(tx: Tx, person: Person, { origin }: { origin: string }): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const host = rowOf(origin);
  if (!host) return refuse("not-found");
  const room = await roomFor(tx, "allowed_host");
  if (!room.ok) return room;
  await tx.db
    .insert(allowedHost)
    .values({ ...host, addedBy: person.userId, addedAt: sql`clock_timestamp()` })
    .onConflictDoNothing();
  await recordSecurityEvent(tx, { action: "host-allow", actorId: person.userId, objectId: origin, allowed: true });
  return ok(null);
}

/** Takes a server off the list: the next call is refused. */
export async function removeHost(tx: Tx, person: Person, { origin }: { origin: string }): Promise<Result<null>> {
  const asked = await askAdmin(tx, person);
  if (!asked.ok) return asked;
  const host = rowOf(origin);
  if (!host) return refuse("not-found");
  const { scheme, host: name, port } = allowedHost;
  const removed = await tx.db
    .delete(allowedHost)
    .where(and(eq(scheme, host.scheme), eq(name, host.host), eq(port, host.port)))
    .returning({ port });
  if (removed.length === 0) return refuse("not-found");
  await recordSecurityEvent(tx, { action: "host-remove", actorId: person.userId, objectId: origin, allowed: true });
  return ok(null);
}

/** The schema has asked that it is spelled as URLs are. */
function rowOf(origin: string): (Host & { readonly scheme: "http" | "https" }) | null {
  const host = hostOf(new URL(origin));
  if (!host) return null;
  return { ...host, scheme: host.scheme === "https" ? "https" : "http" };
}
