import { eq, sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { definition } from "../../db/schema/definitions";
import { calledBy as flowsCalledBy } from "../check/check-subflow";
import { printDefinition, tidy } from "../check/print-definition";
import { personKey } from "../check/world";
import { check } from "./check";
import { flowNames, namesIn } from "./load-world";
import { runnersOf } from "./run-as";
import type { DefinitionPage, DefinitionType, VersionRow } from "./schema";

type Row = {
  version: number;
  status: VersionRow["status"];
  hash: string;
  saved_at: string;
  saved_by: string | null;
  activated_at: string | null;
  open_runs: number;
};
type Read = Omit<DefinitionPage, "mayEdit" | "mayActivate" | "maySeeRuns">;

/**
 * A definition at one version; without one the newest. A draft and the active version are checked against the world as it is now, others
 * are only shown. Null: there is no such definition or version.
 */
export async function readDefinition(db: Database, name: string, version: number | null): Promise<Read | null> {
  const [[row], versions] = await Promise.all([
    db.select().from(definition).where(eq(definition.definitionId, name)).limit(1),
    versionsOf(db, name),
  ]);
  const shown = version === null ? versions[0] : versions.find((one) => one.version === version);
  if (!row || !shown) return null;
  const [stored] = await db.execute<{ body: unknown }>(
    sql`select body from definition_version where definition_id = ${name} and version = ${shown.version}`,
  );
  const [checked, calledBy] = await Promise.all([
    check(db, stored?.body),
    row.kind === "flow" ? callersOf(db, name) : [],
  ]);
  const process = checked.body?.kind === "orchestration" ? checked.body : null;
  const flow = checked.body?.kind === "flow" ? checked.body : null;
  const isOld = shown.status === "inactive";
  const names = process ? await namesIn(db, process) : {};
  return {
    name,
    label: row.label,
    type: row.type as DefinitionType,
    versions,
    shown,
    text: printDefinition(shown.status === "draft" ? stored?.body : tidy(stored?.body)),
    body: checked.body,
    problems: isOld ? [] : checked.problems,
    warnings: isOld ? [] : checked.warnings,
    calls: process ? flowNames(process) : flow ? flowsCalledBy(flow) : [],
    names,
    runsAs: runnersOf(process).map((runner) => names[personKey("user", runner)] ?? runner),
    calledBy,
  };
}

async function versionsOf(db: Database, name: string): Promise<VersionRow[]> {
  const instant = (column: string) =>
    sql`to_char(${sql.identifier("v")}.${sql.identifier(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const rows = await db.execute<Row>(sql`
    select v.version, v.status, v.hash, ${instant("saved_at")} as saved_at, u.name as saved_by, ${instant("activated_at")} as activated_at,
      (select count(*)::int from run r where r.definition_id = v.definition_id and r.definition_version = v.version and r.status in ('in_progress', 'suspended', 'error')) as open_runs
    from definition_version v left join "user" u on u.user_id = v.saved_by
    where v.definition_id = ${name} order by v.version desc`);
  return [...rows].map(({ version, status, hash, ...rest }) => ({
    version,
    status,
    hash,
    savedAt: rest.saved_at,
    savedByName: rest.saved_by,
    activatedAt: rest.activated_at,
    openRuns: rest.open_runs,
  }));
}

/** The active orchestrations and flows that name a flow, at most 50. */
async function callersOf(db: Database, flow: string): Promise<{ name: string; label: string }[]> {
  const rows = await db.execute<{ name: string; label: string }>(sql`
    select d.definition_id as name, d.label from definition d join definition_version v on v.definition_id = d.definition_id and v.status = 'active'
    where d.definition_id <> ${flow} and jsonb_path_exists(v.body, '$.**.flow ? (@ == $flow)', jsonb_build_object('flow', ${flow}::text))
    order by d.label limit 50`);
  return [...rows];
}
