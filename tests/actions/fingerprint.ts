import { db } from "../../db/client";

/** What a refused call may write: that it was refused, and that it was tried. */
const MAY_CHANGE = new Set(["security_event", "attempt"]);

/** When somebody was last here is no change: it is written once a minute, by whatever they ask first. */
const SEEN = "array['last_seen_at', 'last_used_at']";

/** A digest of every row of every table but those; equal before and after a call that changed nothing. */
export async function fingerprint(): Promise<Record<string, string>> {
  const tables = await db().execute<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  const wanted = tables.map(({ name }) => name).filter((name) => !MAY_CHANGE.has(name));
  const parts = wanted.map(
    (name) =>
      `select '${name}' as name, coalesce(md5(string_agg(line, '|' order by line)), '') as digest from (select (to_jsonb(t) - ${SEEN})::text as line from "${name}" t) lines`,
  );
  const rows = await db().execute<{ name: string; digest: string }>(parts.join(" union all "));
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}
