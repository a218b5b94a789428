import { sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import type { World } from "../check/world";
import { listObjects } from "../records/queries/object-named";
import { judge } from "./check";
import { loadWorld } from "./load-world";
import { definitionSchema } from "./schema";

/** An object, or with `field` one of its fields. */
export type Named = { readonly object: string; readonly field: string | null };

/**
 * Who would miss an object or a field, by label: active definitions, and versions that open runs are pinned to, in which the checker finds
 * more problems without it than with it; and lookups of other objects.
 */
export async function findUses(db: Database, named: Named): Promise<string[]> {
  const rows = await db.execute<{ label: string; version: number; body: unknown }>(sql`
    select d.label, v.version, v.body from definition_version v join definition d using (definition_id)
    where v.first_activated_at is not null and (v.status = 'active' or exists (select 1 from run r
      where r.definition_id = v.definition_id and r.definition_version = v.version and r.status in ('in_progress', 'suspended', 'error')))
    order by d.label, v.version`);
  const users: string[] = [];
  for (const { label, version, body } of rows)
    if (await misses(db, body, named)) users.push(`${label} (version ${version})`);
  return [...(await lookupsTo(db, named)), ...users];
}

async function misses(db: Database, body: unknown, named: Named): Promise<boolean> {
  const parsed = definitionSchema.safeParse(body);
  if (!parsed.success) return false;
  const world = await loadWorld(db, parsed.data);
  const now = judge(parsed.data, world);
  return judge(parsed.data, without(world, named)).problems.length > now.problems.length;
}

function without(world: World, { object, field }: Named): World {
  const objects = new Map(world.objects);
  const known = objects.get(object);
  objects.delete(object);
  if (known && field !== null)
    objects.set(object, { ...known, fields: new Map([...known.fields].filter(([name]) => name !== field)) });
  return { ...world, objects };
}

async function lookupsTo(db: Database, { object, field }: Named): Promise<string[]> {
  if (field !== null) return [];
  return (await listObjects(db))
    .filter(({ name }) => name !== object)
    .flatMap(({ label, fields }) =>
      fields.filter(({ options }) => options.object === object).map((one) => `the field ${one.label} of ${label}`),
    );
}
