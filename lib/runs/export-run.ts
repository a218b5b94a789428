import { createHash, createHmac } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { and, asc, eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { definitionVersion, history, run } from "../../db/schema";
import { now } from "../clock";
import { env } from "../env";
import { may } from "../gate";
import { isId } from "../ids";
import { canonicalJson } from "../logic/canonical";
import type { Person } from "../people/current-person";
import { namesOf, type Place } from "../people/queries";
import { presentKey } from "../people/sign-in/derive-key";
import { readLine, type SealLine, sealsIn } from "./seal-line";

/** What `lib/launch/verify-export.mjs` reads; a change of shape is another number. */
const FORMAT = { format: "baton-evidence", formatVersion: 2 } as const;

type Row = typeof run.$inferSelect;

/** All that is known of one run in one file: its history with what people wrote, its definition, the seals, and how ids are called. */
export type RunExport = typeof FORMAT & {
  readonly exportedAt: string;
  readonly exportedBy: string;
  readonly run: Pick<Row, "runId" | "label" | "definitionId" | "definitionVersion" | "definitionHash"> &
    Pick<Row, "recordType" | "recordId" | "recordName" | "status" | "headSeq" | "headHash">;
  readonly definition: unknown;
  readonly history: readonly (typeof history.$inferSelect)[];
  /** Seals that name this run; they name others too, by id alone, so only admins get them. */
  readonly seals: readonly SealLine[];
  readonly names: Readonly<Record<string, string>>;
  /** What no chain covers: the run's labels, the names, who exported it and when; by SHA-256, and signed with the key of the seals. */
  readonly cover: { readonly digest: string; readonly keyId: string; readonly mac: string };
};

type Told = Omit<RunExport, "definition" | "history" | "seals" | "cover">;

function coverOf({ exportedAt, exportedBy, run, names }: Told): RunExport["cover"] {
  const text = canonicalJson({ ...FORMAT, exportedAt, exportedBy, run, names });
  const { id: keyId, key } = presentKey("seal");
  return {
    digest: createHash("sha256").update(text).digest("hex"),
    keyId,
    mac: createHmac("sha256", key).update(text).digest("base64url"),
  };
}

/** The evidence of one run, to be kept and checked elsewhere; null: not theirs to see, or none. */
export async function exportRun(db: Database, person: Person, runId: string): Promise<RunExport | null> {
  const [row] = isId("run", runId) ? await db.select().from(run).where(eq(run.runId, runId)) : [];
  if (!row || !may(person, "run.read", row)) return null;
  const { definitionId, definitionVersion: version } = row;
  const past = await db.select().from(history).where(eq(history.runId, runId)).orderBy(asc(history.seq));
  const [pinned] = await db
    .select({ body: definitionVersion.body })
    .from(definitionVersion)
    .where(and(eq(definitionVersion.definitionId, definitionId), eq(definitionVersion.version, version)));
  const last = past.at(-1);
  const told: Told = {
    ...FORMAT,
    exportedAt: now().toISOString(),
    exportedBy: person.name,
    run: {
      ...{ runId, label: row.label, definitionId, definitionVersion: version, definitionHash: row.definitionHash },
      ...{ recordType: row.recordType, recordId: row.recordId, recordName: row.recordName, status: row.status },
      // Where the history stands as it was read: the run may have moved between the two readings.
      ...{ headSeq: last?.seq ?? 0, headHash: last?.hash ?? "" },
    },
    names: await namesOf(db, placesIn(past)),
  };
  const seals = may(person, "audit.read") ? await sealsOf(runId) : [];
  return { ...told, definition: pinned?.body ?? null, history: past, seals, cover: coverOf(told) };
}

/** Every id of a person, group or queue that stands somewhere in the history. */
function placesIn(past: readonly (typeof history.$inferSelect)[]): Place[] {
  const found = new Set(JSON.stringify(past).match(/\b(usr|grp|que)_[a-z0-9]+\b/g));
  return [...found].flatMap((id): Place[] => {
    if (isId("user", id)) return [{ type: "user", id }];
    if (isId("group", id)) return [{ type: "group", id }];
    return isId("queue", id) ? [{ type: "queue", id }] : [];
  });
}

async function sealsOf(runId: string): Promise<SealLine[]> {
  const file = sealsIn(env().DATA_DIR);
  if (!existsSync(file)) return [];
  const found: SealLine[] = [];
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const line = text.includes(runId) ? readLine(text) : null;
    if (line) found.push(line);
  }
  return found;
}
