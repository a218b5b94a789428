import { db } from "../../db/client";

/** What a refused call may write: that it was refused, and that it was tried. */
const MAY_CHANGE = new Set(["security_event", "attempt"]);

/** A digest of every row of every table but those; equal before and after a call that changed nothing. */
export async function fingerprint(): Promise<Record<string, string>> {
  const tables = await db().execute<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  const wanted = tables.map(({ name }) => name).filter((name) => !MAY_CHANGE.has(name));
  const parts = wanted.map(
    (name) =>
      `select '${name}' as name, coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from "${name}" t`,
  );
  const rows = await db().execute<{ name: string; digest: string }>(parts.join(" union all "));
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}
