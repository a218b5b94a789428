import { getTableColumns, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import type { Tx } from "../../db/transaction";

/**
 * Writes rows by their primary key, new or changed, in one statement. `keep` names columns that an existing row does not lose. A column
 * called version counts the changes of its row.
 */
export async function upsert<T extends PgTable>(
  tx: Tx,
  table: T,
  { rows, keep = [] }: { rows: readonly T["$inferInsert"][]; keep?: readonly string[] },
): Promise<void> {
  if (rows.length === 0) return;
  const { primaryKeys } = getTableConfig(table);
  const key = primaryKeys.flatMap(({ columns }) => columns);
  const names = new Set([...key.map(({ name }) => name), ...keep]);
  const changed = Object.entries(getTableColumns(table)).filter(([, { name }]) => !names.has(name));
  const set = Object.fromEntries(
    changed.map(([field, column]): [string, SQL] => [
      field,
      column.name === "version" ? sql`${column} + 1` : sql`excluded.${sql.identifier(column.name)}`,
    ]),
  );
  await tx.db
    .insert(table)
    .values([...rows])
    .onConflictDoUpdate({ target: key, set: set as never });
}
