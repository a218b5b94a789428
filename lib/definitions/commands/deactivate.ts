import { and, eq, sql } from "drizzle-orm";
import { definition, definitionVersion } from "../../../db/schema/definitions";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Problem, type Result, refuse } from "../../result";
import { askAgain } from "../ask-again";

/** Callers named in a refusal; the sentence says how many there are in all. */
const MAX_NAMED = 20;

/**
 * Takes a definition out of use: no run starts of an orchestration, no step begins with a flow. Runs that are under way go on with what
 * they are pinned to. A flow that an active orchestration or an open run names is refused with the list of them (`flow-in-use`, semantics
 * A24) unless `force` is given: a step that comes to such a flow then ends in Error.
 */
export async function deactivate(
  tx: Tx,
  person: Person,
  input: { name: string; force: boolean },
): Promise<Result<{ name: string }>> {
  if (!(await mayNow(tx, person, ["definition.activate"]))) return refuse("not-found");
  const { name, force } = input;
  const [row] = await tx.db.select().from(definition).where(eq(definition.definitionId, name)).for("update");
  if (!row) return refuse("not-found");
  if (row.activeVersion === null) return refuse("not-active", { details: { name } });
  const callers = row.kind === "flow" && !force ? await callersOf(tx, name) : [];
  if (callers.length > 0)
    return refuse("flow-in-use", { details: { name, count: callers.length }, problems: callers.slice(0, MAX_NAMED) });

  await tx.db
    .update(definitionVersion)
    .set({ status: "inactive" })
    .where(and(eq(definitionVersion.definitionId, name), eq(definitionVersion.status, "active")));
  await tx.db
    .update(definition)
    .set({ activeVersion: null, updatedAt: sql`clock_timestamp()` })
    .where(eq(definition.definitionId, name));
  // A run that waits for its answer comes to know that nobody gives one any more.
  await askAgain(tx, { name, type: row.type });
  await recordSecurityEvent(tx, {
    action: "definition-deactivate",
    actorId: person.userId,
    objectId: name,
    allowed: true,
    details: { version: row.activeVersion, force },
  });
  return ok({ name });
}

/**
 * Who names a flow: active orchestrations and flows, versions that open runs are pinned to, and versions of flows that their open steps are. A step
 * names its flow under the key `flow`, as do entry and exit conditions and Subflow elements. `path` is the definition's name.
 */
async function callersOf(tx: Tx, flow: string): Promise<Problem[]> {
  const rows = await tx.sql<{ name: string; version: number; label: string; is_active: boolean; runs: number }[]>`
    with naming as materialized (
      select v.definition_id as name, v.version, d.label, d.kind, v.status = 'active' as is_active
      from definition_version v join definition d using (definition_id)
      where v.definition_id <> ${flow} and v.first_activated_at is not null
        and jsonb_path_exists(v.body, '$.**.flow ? (@ == $flow)', jsonb_build_object('flow', ${flow}::text))
    ), calling as materialized (
      select n.name, n.version, o.definition_id as by, o.version as by_version,
        jsonb_path_query(o.body, '$.**.steps[*] ? (@.flow == $flow)', jsonb_build_object('flow', n.name)) ->> 'name' as step
      from naming n cross join definition_version o where n.kind = 'flow' and not n.is_active and o.body ->> 'kind' = 'orchestration'
    ), needing as (
      select name, version, label, is_active, (
        select count(*)::int from run r
        where r.definition_id = name and r.definition_version = naming.version and r.status in ('in_progress', 'suspended', 'error')
      ) as runs from naming where kind <> 'flow'
      union all
      select name, version, label, is_active, (
        select count(distinct r.run_id)::int from calling c
          join run r on r.definition_id = c.by and r.definition_version = c.by_version and r.status in ('in_progress', 'suspended')
          join step_run s on s.run_id = r.run_id and s.name = c.step and s.status in ('not_started', 'in_progress')
        where c.name = naming.name and c.version = naming.version and (s.flow ->> 'version')::int = c.version
      ) from naming where kind = 'flow'
    )
    select * from needing where is_active or runs > 0 order by name, version`;
  return rows.map(({ name, version, label, is_active, runs }) => {
    const open = runs === 0 ? "" : runs === 1 ? "1 open run" : `${runs} open runs`;
    return {
      path: name,
      message: `${label}, version ${version}: ${[is_active ? "active" : "", open].filter(Boolean).join(", ")}`,
    };
  });
}
