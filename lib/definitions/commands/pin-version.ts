import { and, eq, sql } from "drizzle-orm";
import { definition, definitionVersion } from "../../../db/schema/definitions";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Orchestration } from "../../engine/definition";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Result, refuse } from "../../result";
import { check } from "../check";
import { hash } from "../hash";
import { orchestrationVersion, type Pinned } from "../queries";
import { askRunAs } from "../run-as";
import { factsOf, holdFlows } from "./activate";

/**
 * Any version of an orchestration, for a debug run to be pinned to. A draft is checked as at its activation, and if the run is kept its content
 * never changes again: the next save begins a new version.
 *
 * Refusals: `not-found` (no such version, or a flow), `definition-invalid` with every problem at its path, `run-as-admin`.
 */
export async function pinVersion(
  tx: Tx,
  person: Person,
  { name, version }: { name: string; version: number },
): Promise<Result<Pinned<Orchestration>>> {
  if (!(await mayNow(tx, person, ["definition.edit"]))) return refuse("not-found");
  await tx.db
    .select({ name: definition.definitionId })
    .from(definition)
    .where(eq(definition.definitionId, name))
    .for("update");
  const which = and(eq(definitionVersion.definitionId, name), eq(definitionVersion.version, version));
  const [row] = await tx.db.select().from(definitionVersion).where(which);
  if (!row) return refuse("not-found");
  if (row.firstActivatedAt || row.triedAt) {
    const known = await orchestrationVersion(tx.db, name, version);
    return known ? ok(known) : refuse("not-found");
  }
  await holdFlows(tx, row.body);
  const { body, problems } = await check(tx.db, row.body);
  if (!body || problems.length > 0) return refuse("definition-invalid", { problems });
  if (body.kind !== "orchestration") return refuse("not-found");
  const lent = await askRunAs(tx, person, { name, body });
  if (!lent.ok) return lent;
  const fixed = { body, hash: hash(body), ...factsOf(body, null) };
  await tx.db
    .update(definitionVersion)
    .set({ ...fixed, triedAt: sql`clock_timestamp()` })
    .where(which);
  await recordSecurityEvent(tx, {
    action: "definition-debug",
    actorId: person.userId,
    objectId: name,
    allowed: true,
    details: { version },
  });
  return ok({ definitionId: name, version, hash: fixed.hash, body });
}
