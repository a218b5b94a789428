import { and, desc, eq, lte, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { Database } from "../../../db/client";
import { sealedDecision, submittedFacts } from "../../../db/schema";
import type { Orchestration } from "../../engine/definition";
import { type Outcome, outcomeStored } from "../../engine/outcomes";
import { canonicalJson } from "../../logic/canonical";
import { ownProperty, type Value } from "../../logic/value";
import { areSameFiles, type SealedFile } from "../../records/schema/sealed-file";
import type { Difference } from "../schema";
import { readSeen, type Stood } from "../seen";
import { type Fact, HIDDEN } from "./facts";

/** The newest decisions of each submission that are compared with, all in all, and the newest submissions. */
const MAX_EACH = 20;
const MAX_DECISIONS = 100;
const MAX_SUBMISSIONS = 20;

type Saw = { readonly saw: Stood };
export type Sealed = Omit<typeof sealedDecision.$inferSelect, "seen"> & Saw;
type Submitted = Omit<typeof submittedFacts.$inferSelect, "seen" | "revision"> & Saw;

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

/** Null: it was submitted the first time, and was not sent back by anybody. */
export function formerOf(
  { decisions, submissions }: Before,
  { runId, definition }: { readonly runId: string; readonly definition: Orchestration },
): Former | null {
  const back = decisions.find((one) => one.runId === runId && outcomeIn(definition, one)?.does === "send_back");
  const own = submissions.filter((one) => one.runId === runId);
  const [, before] = own;
  if (before && (!back || back.decidedAt < before.submittedAt))
    return { saw: before.saw, at: before.submittedAt, last: null, submittedBy: before.submittedBy };
  if (back) return { saw: back.saw, at: back.decidedAt, last: back, submittedBy: null };
  const first = own.at(-1);
  const former = submissions.find((one) => one.runId !== runId && (!first || one.submittedAt < first.submittedAt));
  if (!former) return null;
  const last = decisions.find((one) => one.runId === former.runId) ?? null;
  return { saw: former.saw, at: former.submittedAt, last, submittedBy: former.submittedBy };
}

/** What was said, as the step at which it was said knows it; null for what that step does not know. */
export function outcomeIn({ elements }: Orchestration, { stepName, outcome }: Sealed): Outcome | null {
  const steps = elements.flatMap((element) => (element.type === "stage" ? element.steps : []));
  const step = steps.find(({ name }) => name === stepName);
  return step?.kind === "approval" ? outcomeStored(step, outcome) : null;
}

/** Whether it was Approve, or an outcome of the author's own that approves. */
export const hasApproved = (definition: Orchestration, sealed: Sealed): boolean =>
  outcomeIn(definition, sealed)?.does === "approve";

const factsSeen = ({ decisions, submissions }: Before): Fact[] =>
  [...decisions, ...submissions].flatMap(({ saw }) => saw.facts);

/** References whose values now tell what changed. */
export const pathsSeen = (before: Before): string[] => factsSeen(before).map(({ path }) => path);

/** What was the value of any of them. */
export const valuesSeen = (before: Before): Value[] => factsSeen(before).map(({ value }) => value);

/** Ids of the records and users through which any of them was read. */
export const behindSeen = (before: Before): string[] => factsSeen(before).flatMap(({ behind = [] }) => behind);

export type Now = {
  readonly values: { readonly [path: string]: Value };
  /** As the reader may read it. */
  readonly show: (value: Value, path: string) => string;
  readonly files: readonly SealedFile[];
  /** Whether what lay behind it is the reader's to know. */
  readonly isTheirs: (fact: Fact) => boolean;
};

/**
 * Field by field and file by file what is not as it was when that was decided, both as its reader may read them now and not as whoever decided
 * could; of what is not theirs only that it changed.
 */
export const changedSince = ({ saw }: Saw, { values, show, files, isTheirs }: Now): Difference[] => [
  ...saw.facts.flatMap((fact) => {
    const { path, label, value: before } = fact;
    const after = ownProperty(values, path);
    if (canonicalJson(before) === canonicalJson(after)) return [];
    return [
      isTheirs(fact)
        ? { label, before: show(before, path), after: show(after, path) }
        : { label, before: HIDDEN, after: HIDDEN },
    ];
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
