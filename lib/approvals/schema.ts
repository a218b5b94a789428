import { z } from "zod";
import type { RunStatus, SubmissionStatus } from "../engine/status";
import { shownAs } from "../records/schema/shown-as";
import { type Difference, MAX_AT_ONCE } from "../work/schema";
import type { TracedStage } from "../work/schema/trace";

const key = z.string().min(8).max(100);
const comments = z.string().trim().max(4_000, "At most 4,000 characters").default("");
/** The decider's own, where the process asks for it at each decision. */
const password = z.string().max(1_000).optional();

export const requestApprovalInput = z.strictObject({
  definitionId: z.string().max(80),
  recordId: z.string().max(40).nullable(),
  comments,
  /** Who is to decide first, by id, where the process lets the submitter choose. */
  firstApprover: z.string().max(40).nullable().default(null),
  key,
});

export const previewInput = z.strictObject({
  definitionId: z.string().max(80),
  recordId: z.string().max(40).nullable().default(null),
  firstApprover: z.string().max(40).nullable().default(null),
});

/** What one choice of a decider would lead to, as far as nobody else's doing is needed for it. */
export type Ahead = {
  /** Whoever gets work by it. */
  readonly next: readonly { readonly label: string; readonly stageLabel: string; readonly name: string }[];
  /** Labels of background and external steps that would run. */
  readonly runs: readonly string[];
  /** Who would be mailed, and how many besides. */
  readonly mails: { readonly names: readonly string[]; readonly more: number };
  /** How the submission ends by it; null: it goes on. */
  readonly ends: SubmissionStatus | null;
  /** What the look could not see past, in sentences. */
  readonly stops: readonly string[];
};

export type PreviewedStep = {
  readonly stageLabel: string;
  readonly label: string;
  readonly who: string;
  readonly type: "user" | "group" | "queue";
  /** Of a group that votes how it decides. */
  readonly rule: string | null;
  /** Why that step would begin, as the end of a sentence. */
  readonly because: string;
  /** Of a step that nobody need decide why: its own rule holds, or nothing changed since its last approval. Then `who` is nobody. */
  readonly skipped: string | null;
  /** What should be looked at before submitting: a substitute, nobody who could decide, … */
  readonly problem: string | null;
};

/** Who would decide in turn if each said Approve. */
export type Preview = {
  readonly steps: readonly PreviewedStep[];
  /** How the submission would end; null: that cannot be told. */
  readonly ends: SubmissionStatus | null;
  readonly stops: readonly string[];
};

export const decideInput = z.strictObject({
  workItemId: z.string().max(40),
  /** `approve`, `reject`, or the name of a further outcome of the step. */
  decision: z.string().min(1).max(80),
  comments,
  /** The fingerprint of what was shown: when it is another by now, the decider looks again. */
  shownAs,
  password,
  key,
});

/** The body of `POST /api/v1/work-items/{id}/decision`. */
export const decideBody = decideInput.pick({ decision: true, comments: true, shownAs: true });

/** Many at once: one outcome, each item with its own words and what was shown of it. */
export const decideManyInput = z.strictObject({
  items: z
    .array(z.strictObject({ workItemId: z.string().max(40), comments, shownAs }))
    .min(1, "Choose at least one request")
    .max(MAX_AT_ONCE, `At most ${MAX_AT_ONCE} requests at once`),
  decision: z.enum(["approve", "reject"]),
  key,
});
/** What became of each; those that failed say why, and nothing was done to them. */
export type DecidedReport = {
  readonly done: readonly string[];
  readonly failed: readonly { readonly workItemId: string; readonly message: string }[];
};

const workItemId = z.string().max(40);
const reason = z.string().trim().min(1, "Say why, in a few words").max(2_000, "At most 2,000 characters");
const person = z.string().min(3, "Choose somebody").max(40);

/** `outcome`: Approve, Reject, or the name of a further outcome of the step. */
export const overrideInput = z.strictObject({
  workItemId,
  outcome: z.string().min(1).max(80),
  comments: reason,
  shownAs,
  password,
  key,
});
export const addApproverInput = z.strictObject({ workItemId, userId: person, reason, key });
export const askInput = z.strictObject({
  workItemId,
  userId: person,
  text: z.string().trim().min(1, "Write what you would like to know").max(2_000, "At most 2,000 characters"),
  key,
});
export const answerInput = z.strictObject({
  workItemId,
  text: z.string().trim().min(1, "Write an answer").max(4_000, "At most 4,000 characters"),
  key,
});
export const recallInput = z.strictObject({ runId: z.string().max(40), reason, key });

/** One submission of a record. */
export type Trace = {
  readonly runId: string;
  readonly processLabel: string;
  readonly status: SubmissionStatus;
  readonly submittedByName: string;
  readonly submittedAt: string;
  readonly endedAt: string | null;
  readonly comments: string;
  /** Played by one person to try the process: nobody approved anything. */
  readonly isDebug: boolean;
  /** Null: that there is this submission is all the reader may know. */
  readonly stages: readonly TracedStage[] | null;
  /** What was different from the submission before it; null: it was the first. */
  readonly changes: readonly Difference[] | null;
  /** Who recalled or canceled it, and why; null: nobody did, or it is not the reader's to know. */
  readonly takenBack: { readonly byName: string; readonly reason: string } | null;
  readonly recallPath: { readonly label: string; readonly status: RunStatus | null } | null;
  readonly mayRecall: boolean;
  readonly mayCancel: boolean;
  /** Whether its run's page, and its evidence, are theirs. */
  readonly maySeeRun: boolean;
};

/** The submissions of a record, the newest first, and the approvals since which what was shown has changed. */
export type RecordTrace = {
  readonly submissions: readonly Trace[];
  readonly hasMore: boolean;
  readonly stale: readonly {
    readonly processLabel: string;
    readonly byName: string;
    readonly at: string;
    readonly changes: readonly Difference[];
  }[];
};
