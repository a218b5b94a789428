import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { judgeLine, readLine, SECURITY, type SealLine } from "./seal-line";

/**
 * Whether the database still holds what was sealed, where there is a file of seals: each line is as it was signed and follows the one before,
 * and each sealed event is there with its hash. Finds what the chains by themselves cannot: a history rewritten consistently, and a tail cut
 * off. A database that was restored from an older backup is such a cut. Null: there are no seals here.
 */
export async function verifySeals(database: Database, file: string): Promise<string[] | null> {
  if (!existsSync(file)) return null;
  const complaints: string[] = [];
  const unknown = new Set<string>();
  let prev = "";
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const line = readLine(text);
    const verdict = line ? judgeLine(line) : "forged";
    if (!line || verdict === "forged") {
      complaints.push(`seal ${number} is not what was signed`);
      prev = line?.mac ?? "";
      continue;
    }
    if (verdict === "unknown-key") unknown.add(line.keyId);
    if (line.prev !== prev) complaints.push(`seal ${number} does not follow the one before it`);
    prev = line.mac;
    if (verdict === "good") complaints.push(...(await missingHeads(database, line)));
  }
  return [
    ...complaints,
    ...[...unknown].map(
      (id) =>
        `the key ${id} that seals were signed with is not known here; give the AUTH_SECRET or AUTH_SECRET_PREVIOUS of then`,
    ),
  ];
}

async function missingHeads(database: Database, { heads, at, database: of }: SealLine): Promise<string[]> {
  const rows = await database.execute<{ id: string; seq: string; found: string | null }>(sql`
    select s.id, s.seq, case when s.id = ${SECURITY}
        then (select e.hash from security_event e where e.seq = s.seq)
        else (select h.hash from history h where h.run_id = s.id and h.seq = s.seq) end as found
    from jsonb_to_recordset(${JSON.stringify(heads.map(([id, seq, hash]) => ({ id, seq, hash })))}::jsonb) as s (id text, seq bigint, hash text)
    where current_database() = ${of} and s.hash is distinct from case when s.id = ${SECURITY}
        then (select e.hash from security_event e where e.seq = s.seq)
        else (select h.hash from history h where h.run_id = s.id and h.seq = s.seq) end
    order by s.id limit 100`);
  return [...rows].map(({ id, seq, found }) => {
    const what = id === SECURITY ? `security event ${seq}` : `${id}: event ${seq}`;
    return `${what}, sealed at ${at}, ${found === null ? "is missing" : "is another than was sealed"}`;
  });
}
