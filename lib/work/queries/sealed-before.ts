import { and, desc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { sealedDecision } from "../../../db/schema";
import { canonicalJson } from "../../logic/canonical";
import { ownProperty, type Value } from "../../logic/value";
import { areSameFiles, type SealedFile } from "../../records/schema/sealed-file";
import type { Difference } from "../schema";
import { readSeen } from "../see";

/** The newest decisions about a record that are compared with. */
const MAX_DECISIONS = 20;

export type Sealed = typeof sealedDecision.$inferSelect & { readonly saw: NonNullable<ReturnType<typeof readSeen>> };

/** What was sealed with the newest decisions of that process about that record, the newest first. */
export async function sealedBefore(db: Database, recordId: string, definitionId: string | null): Promise<Sealed[]> {
  const rows = await db
    .select()
    .from(sealedDecision)
    .where(
      and(
        eq(sealedDecision.recordId, recordId),
        definitionId === null ? undefined : eq(sealedDecision.definitionId, definitionId),
      ),
    )
    .orderBy(desc(sealedDecision.decidedAt))
    .limit(MAX_DECISIONS);
  return rows.flatMap((row) => {
    const saw = readSeen(row.seen);
    return saw ? [{ ...row, saw }] : [];
  });
}

/** References whose values now tell what changed. */
export const pathsSeen = (decisions: readonly Sealed[]): string[] =>
  decisions.flatMap(({ saw }) => saw.facts.map(({ path }) => path));

export type Now = {
  readonly values: { readonly [path: string]: Value };
  readonly show: (value: Value, path: string) => string;
  readonly files: readonly SealedFile[];
};

/** Field by field and file by file what is not as it was when that was decided. */
export const changedSince = ({ saw }: Pick<Sealed, "saw">, { values, show, files }: Now): Difference[] => [
  ...saw.facts.flatMap(({ path, label, shown }) => {
    const [before, after] = [ownProperty(saw.values, path), ownProperty(values, path)];
    return canonicalJson(before) === canonicalJson(after) ? [] : [{ label, before: shown, after: show(after, path) }];
  }),
  ...filesChanged(saw.files, files),
];

/** By name, because that is how people know them; contents are told apart by their digests. */
function filesChanged(before: readonly SealedFile[], after: readonly SealedFile[]): Difference[] {
  const named = (files: readonly SealedFile[], name: string) => files.filter((file) => file.name === name);
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [were, are] = [named(before, name), named(after, name)];
    if (areSameFiles(were, are)) return [];
    const now = were.length === 0 ? "attached" : are.length === 0 ? "removed" : "attached, with another content";
    return [{ label: `Attachment ${name}`, before: were.length === 0 ? "" : "attached", after: now }];
  });
}
