import { readFileSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";

/** One rule of `db/invariants.sql`: its query returns the rows that break it, so no rows is health. */
export type Invariant = { readonly name: string; readonly promise: string; readonly query: string };
export type Broken = Invariant & { readonly rows: readonly Record<string, unknown>[] };

/** In the file each rule is a line `-- I7 what it promises` and the query below it. */
function parseInvariants(text: string): Invariant[] {
  return text
    .split(/^-- (?=I\d+ )/m)
    .slice(1)
    .map((part) => {
      const [heading = "", ...lines] = part.split("\n");
      const [name = "", ...words] = heading.split(" ");
      return { name, promise: words.join(" "), query: lines.join("\n").trim().replace(/;$/, "") };
    });
}

const readInvariants = (): Invariant[] =>
  parseInvariants(readFileSync(join(process.cwd(), "db", "invariants.sql"), "utf8"));

/** Asks every rule, all of them at once, and gives those that are broken with at most `limit` of their rows. Who asks again on one connection has them planned. */
export async function brokenInvariants(client: postgres.Sql, limit = 20): Promise<Broken[]> {
  const asked = readInvariants().map(async (invariant) => {
    const rows = await client.unsafe(invariant.query, [], { prepare: true });
    return { ...invariant, rows: rows.slice(0, limit) };
  });
  return (await Promise.all(asked)).filter(({ rows }) => rows.length > 0);
}
