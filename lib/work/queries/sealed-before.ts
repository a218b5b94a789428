import { and, desc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { sealedDecision } from "../../../db/schema";
import { canonicalJson } from "../../logic/canonical";
import { ownProperty, type Value } from "../../logic/value";
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
};

/** Field by field what is not as it was when that was decided. */
export const changedSince = ({ saw }: Sealed, { values, show }: Now): Difference[] =>
  saw.facts.flatMap(({ path, label, shown }) => {
    const [before, after] = [ownProperty(saw.values, path), ownProperty(values, path)];
    return canonicalJson(before) === canonicalJson(after) ? [] : [{ label, before: shown, after: show(after, path) }];
  });
