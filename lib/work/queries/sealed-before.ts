import { and, desc, eq, lte, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { Database } from "../../../db/client";
import { sealedDecision, submittedFacts } from "../../../db/schema";
import type { Orchestration } from "../../engine/definition";
import { outcomeStored } from "../../engine/outcomes";
import { canonicalJson } from "../../logic/canonical";
import { ownProperty, type Value } from "../../logic/value";
import { areSameFiles, type SealedFile } from "../../records/schema/sealed-file";
import type { Difference } from "../schema";
import { readSeen } from "../see";

/** The newest decisions of each submission that are compared with, all in all, and the newest submissions. */
const MAX_EACH = 20;
const MAX_DECISIONS = 100;
const MAX_SUBMISSIONS = 20;

type Saw = { readonly saw: NonNullable<ReturnType<typeof readSeen>> };
export type Sealed = Omit<typeof sealedDecision.$inferSelect, "seen"> & Saw;
type Submitted = Omit<typeof submittedFacts.$inferSelect, "seen"> & Saw;

/** What was sealed with decisions about a record and kept of its submissions, the newest first. */
export type Before = { readonly decisions: readonly Sealed[]; readonly submissions: readonly Submitted[] };
export const NOTHING_BEFORE: Before = { decisions: [], submissions: [] };

/** The same of that process, or (null) of any; in one question. */
export async function sealedBefore(db: Database, recordId: string, definitionId: string | null): Promise<Before> {
  const of = (table: typeof sealedDecision | typeof submittedFacts) =>
    and(eq(table.recordId, recordId), definitionId === null ? undefined : eq(table.definitionId, definitionId));
  const { runId, workItemId, stepName, decidedAt, decidedBy, outcome, seen } = sealedDecision;
  const { submittedAt, submittedBy } = submittedFacts;
  const nth = sql<number>`row_number() over (partition by ${runId} order by ${decidedAt} desc)`.as("nth");
  const numbered = db.select({ id: workItemId, nth }).from(sealedDecision).where(of(sealedDecision)).as("numbered");
  const decisions = db
    .select({
      runId,
      definitionId: sealedDecision.definitionId,
      at: decidedAt,
      by: decidedBy,
      seen,
      workItemId,
      stepName,
      outcome,
    })
    .from(sealedDecision)
    .innerJoin(numbered, and(eq(numbered.id, workItemId), lte(numbered.nth, MAX_EACH)))
    .orderBy(desc(decidedAt))
    .limit(MAX_DECISIONS);
  const nothing = sql<string>`''`;
  const submissions = db
    .select({
      ...{ runId: submittedFacts.runId, definitionId: submittedFacts.definitionId, at: submittedAt, by: submittedBy },
      ...{ seen: submittedFacts.seen, workItemId: nothing, stepName: nothing, outcome: nothing },
    })
    .from(submittedFacts)
    .where(of(submittedFacts))
    .orderBy(desc(submittedAt))
    .limit(MAX_SUBMISSIONS);
  const rows = (await unionAll(decisions, submissions)).flatMap(({ seen: sealed, ...row }) => {
    const saw = readSeen(sealed);
    return saw ? [{ ...row, saw, recordId }] : [];
  });
  rows.sort((one, other) => other.at.getTime() - one.at.getTime());
  return {
    decisions: rows.flatMap(({ at, by, ...row }) =>
      row.workItemId === "" ? [] : [{ ...row, decidedAt: at, decidedBy: by }],
    ),
    submissions: rows.flatMap(({ at, by, ...row }) =>
      row.workItemId === "" ? [{ ...row, submittedAt: at, submittedBy: by }] : [],
    ),
  };
}

/** What a round of a submission is compared with: as it was submitted the last time, or as it was when it was sent back. `last`: what was decided on that. */
export type Former = Saw & {
  readonly at: Date;
  readonly last: Sealed | null;
  /** Null: it was sent back. */
  readonly submittedBy: string | null;
};

/** Null: it was submitted the first time, and was not sent back. */
export function formerOf(
  { decisions, submissions }: Before,
  { runId, sendsBack }: { readonly runId: string; readonly sendsBack: (outcome: string) => boolean },
): Former | null {
  const back = decisions.find((one) => one.runId === runId && sendsBack(one.outcome));
  if (back) return { saw: back.saw, at: back.decidedAt, last: back, submittedBy: null };
  const mine = submissions.find((one) => one.runId === runId);
  const former = submissions.find((one) => one.runId !== runId && (!mine || one.submittedAt < mine.submittedAt));
  if (!former) return null;
  const last = decisions.find((one) => one.runId === former.runId) ?? null;
  return { saw: former.saw, at: former.submittedAt, last, submittedBy: former.submittedBy };
}

/** Whether it was Approve, or an outcome of the author's own that approves, at the step at which it was said. */
export function hasApproved({ elements }: Orchestration, { stepName, outcome }: Sealed): boolean {
  const steps = elements.flatMap((element) => (element.type === "stage" ? element.steps : []));
  const step = steps.find(({ name }) => name === stepName);
  return step?.kind === "approval" && outcomeStored(step, outcome)?.does === "approve";
}

/** References whose values now tell what changed. */
export const pathsSeen = ({ decisions, submissions }: Before): string[] =>
  [...decisions, ...submissions].flatMap(({ saw }) => saw.facts.map(({ path }) => path));

export type Now = {
  readonly values: { readonly [path: string]: Value };
  readonly show: (value: Value, path: string) => string;
  readonly files: readonly SealedFile[];
};

/** Field by field and file by file what is not as it was when that was decided. */
export const changedSince = ({ saw }: Saw, { values, show, files }: Now): Difference[] => [
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
