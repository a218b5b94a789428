import { getTableColumns, type InferSelectModel } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

export type Json = { readonly [column: string]: unknown };

type Reading = { readonly field: string; readonly column: string; readonly isInstant: boolean };
const readings = new Map<PgTable, readonly Reading[]>();

/** A row that came as JSON, as drizzle would give it. */
export function rowOf<T extends PgTable>(table: T): (json: Json) => InferSelectModel<T> {
  const parts =
    readings.get(table) ??
    Object.entries(getTableColumns(table)).map(([field, { name, dataType }]) => ({
      field,
      column: name,
      isInstant: dataType === "date",
    }));
  readings.set(table, parts);
  return (json) => {
    const row: { [field: string]: unknown } = {};
    for (const { field, column, isInstant } of parts) {
      const value = json[column] ?? null;
      row[field] = isInstant && typeof value === "string" ? new Date(value) : value;
    }
    return row as InferSelectModel<T>;
  };
}
