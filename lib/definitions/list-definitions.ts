import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { decodeCursor, PAGE_SIZE, type Page, pageOf } from "../../db/page";
import { definition } from "../../db/schema";
import type { DefinitionRow, DefinitionType, ListFilter } from "./schema";

type Row = {
  name: string;
  label: string;
  sort_label: string;
  kind: "orchestration" | "flow";
  type: DefinitionType;
  status: DefinitionRow["status"];
  active_version: number | null;
  has_draft: boolean;
  saved_at: string;
  saved_by: string | null;
};

const TYPES: Readonly<Record<NonNullable<ListFilter["view"]>, readonly DefinitionType[]>> = {
  orchestrations: ["orchestrator"],
  approvals: ["approval"],
  flows: ["screen", "autolaunched", "evaluation"],
};

/** The definitions whose label or name holds the text: processes first, then flows, each by label; 50 a page, by key. */
export async function listDefinitions(db: Database, filter: ListFilter): Promise<Page<DefinitionRow>> {
  const { view, status, search, cursor } = filter;
  const after = decodeCursor(cursor, 3);
  const pattern = `%${(search ?? "").replaceAll("\0", "").replace(/[\\%_]/g, "\\$&")}%`;
  const where: SQL[] = [sql`(d.label ilike ${pattern} or d.definition_id ilike ${pattern})`];
  if (view) where.push(sql`d.type in ${TYPES[view]}`);
  if (after)
    where.push(
      sql`(d.kind = 'flow', lower(d.label), d.definition_id) > (${after[0] === true}::boolean, ${String(after[1])}, ${String(after[2])})`,
    );
  const rows = await db.execute<Row>(sql`
    select * from (
      select d.definition_id as name, d.label, lower(d.label) as sort_label, d.kind, d.type, d.active_version,
        case when d.active_version is not null then 'active' when l.status = 'draft' then 'draft' else 'inactive' end as status,
        d.active_version is not null and l.status = 'draft' as has_draft,
        to_char(l.saved_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as saved_at, u.name as saved_by
      from definition d
      join lateral (select status, saved_at, saved_by from definition_version v where v.definition_id = d.definition_id order by version desc limit 1) l on true
      left join "user" u on u.user_id = l.saved_by
      where ${sql.join(where, sql` and `)}
    ) listed
    where ${status ? sql`status = ${status}` : sql`true`}
    order by kind = 'flow', sort_label, name limit ${PAGE_SIZE + 1}`);
  const page = pageOf([...rows], PAGE_SIZE, (row) => [row.kind === "flow", row.sort_label, row.name]);
  return { ...page, rows: page.rows.map(shown) };
}

const shown = ({ name, label, kind, type, status, ...row }: Row): DefinitionRow => ({
  name,
  label,
  kind,
  type,
  status,
  activeVersion: row.active_version,
  hasDraft: row.has_draft,
  savedAt: row.saved_at,
  savedByName: row.saved_by,
});

/** Active approval processes by label, as pickers take them; at most 500. */
export const activeApprovals = (db: Database): Promise<{ value: string; label: string }[]> =>
  db
    .select({ value: definition.definitionId, label: definition.label })
    .from(definition)
    .where(and(eq(definition.type, "approval"), isNotNull(definition.activeVersion)))
    .orderBy(definition.label, definition.definitionId)
    .limit(500);
