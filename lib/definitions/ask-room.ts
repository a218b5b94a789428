import { sql } from "drizzle-orm";
import type { Tx } from "../../db/transaction";
import type { Problem } from "../result";
import { type DefinitionBody, MAX_ACTIVE_ON_OBJECT } from "./schema";

/**
 * Whether one more orchestration may be active for the object that it is about: each save of a record asks all of them. Null: it may.
 * Activations for one object happen one after another from here to their commit.
 */
export async function askRoom(tx: Tx, { name, body }: { name: string; body: DefinitionBody }): Promise<Problem | null> {
  const object = body.kind === "orchestration" ? body.start.object : null;
  if (object === null) return null;
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`active on ${object}`}, 7))`;
  const [row] = await tx.db.execute<{ others: number }>(sql`
    select count(*)::int as others from definition_version
    where trigger_object = ${object} and status = 'active' and definition_id <> ${name}`);
  const others = row?.others ?? 0;
  if (others < MAX_ACTIVE_ON_OBJECT) return null;
  const message = `${others} orchestrations about ${object} are active; at most ${MAX_ACTIVE_ON_OBJECT} may be at a time, so deactivate one first`;
  return { path: "start.object", message };
}
