import { z } from "zod";
import type { ItemFlag, ItemKind } from "../engine/state";
import type { RunStatus, StageStatus, SubmissionStatus, WorkItemStatus } from "../engine/status";
import type { Proof } from "../logic/schema";
import type { StandIn } from "../people/schema/delegation";
import type { ShownFile } from "../records/schema/attachment";
import type { SoFar } from "./schema/trace";

/** Filters of Orchestration Work Items (admins and managers), as they stand in the address bar. */
export const itemFilter = z.object({
  status: z.enum(["assigned", "completed"]).optional(),
  /** `user:usr_…`, `group:grp_…` or `queue:que_…` */
  assignee: z
    .string()
    .regex(/^(user|group|queue):[a-z0-9_]{3,40}$/)
    .optional(),
  definition: z.string().max(80).optional(),
  flagged: z
    .enum(["1", "true", "0", "false"])
    .transform((text) => text === "1" || text === "true")
    .optional(),
  /** Assigned at least that many hours ago. */
  olderThanHours: z.coerce.number().int().min(1).max(87_600).optional(),
  search: z.string().trim().max(200).optional(),
  cursor: z.string().max(500).optional(),
});
export type ItemFilter = z.infer<typeof itemFilter>;

type Holder = { readonly type: "user" | "group" | "queue"; readonly id: string; readonly name: string };

/** What every list shows of a work item. Instants are ISO texts. */
export type ListedItem = {
  readonly workItemId: string;
  readonly runId: string;
  readonly kind: ItemKind;
  readonly status: WorkItemStatus;
  readonly label: string;
  readonly processLabel: string;
  readonly stageLabel: string;
  readonly record: { readonly object: string; readonly id: string; readonly name: string } | null;
  readonly assignee: Holder;
  readonly assignedAt: string;
  readonly closedAt: string | null;
  readonly dueAt: string | null;
  readonly completionKind: "done" | "withdrawn" | "superseded" | null;
  /** "approve", "reject", or the name of a further outcome. */
  readonly outcome: string | null;
  readonly flag: ItemFlag | null;
};

/** One row of Orchestration Work Items. */
export type ItemRow = ListedItem & {
  readonly isDebug: boolean;
  readonly claimedByName: string | null;
  readonly createdAt: string;
  readonly completedByName: string | null;
};

const key = z.string().min(8).max(100);
const assignee = z.strictObject({ type: z.enum(["user", "group", "queue"]), id: z.string().min(3).max(40) });

export const reassignInput = z.strictObject({
  workItemIds: z
    .array(z.string().max(40))
    .min(1, "Choose at least one work item")
    .max(200, "At most 200 work items at once"),
  to: assignee,
  reason: z.string().trim().min(1, "Say why, in a few words").max(2_000, "At most 2,000 characters"),
  key,
});
/** Each item has an outcome of its own; the ones that failed say why. */
export type ReassignReport = {
  readonly done: readonly string[];
  readonly failed: readonly { readonly workItemId: string; readonly message: string }[];
};

export const claimInput = z.strictObject({ workItemId: z.string().max(40), takeOver: z.boolean().default(false), key });
export const releaseInput = z.strictObject({ workItemId: z.string().max(40), key });

/** The views of My work, in their order: mine to do, with others, my groups' and queues', what I started, what I finished. */
export const WORK_VIEWS = ["now", "waiting", "groups", "requests", "done"] as const;
export type WorkView = (typeof WORK_VIEWS)[number];

/** A view of My work as it stands in the address bar. */
export const workFilter = z.object({
  view: z.enum(WORK_VIEWS).catch("now"),
  /** Words of the item's label, the record's name or the process's label. */
  search: z.string().trim().max(200).optional(),
  cursor: z.string().max(500).optional(),
});
export type WorkFilter = z.infer<typeof workFilter>;

/** A work item as My work and the Work Guide list it. */
export type WorkRow = ListedItem & {
  readonly type: "item";
  readonly claimedBy: { readonly id: string; readonly name: string } | null;
  /** Who started the run. */
  readonly requesterName: string | null;
  /** Whether the reader has typed something into its form and not gone on. */
  readonly hasDraft: boolean;
  /** Of a debug run, in which whoever plays it decides nothing. */
  readonly isDebug: boolean;
};

/** The views of My approvals, in their order. */
export const APPROVAL_VIEWS = ["decide", "decided", "requested", "delegated"] as const;

/** A view of My approvals as it stands in the address bar. */
export const approvalFilter = z.object({
  view: z.enum(APPROVAL_VIEWS).catch("decide"),
  search: z.string().trim().max(200).optional(),
  /** The API name of an approval process. */
  process: z.string().max(80).optional(),
  cursor: z.string().max(500).optional(),
});
export type ApprovalFilter = z.infer<typeof approvalFilter>;
export type ApprovalView = ApprovalFilter["view"];

/** Approvals that are decided at once. */
export const MAX_AT_ONCE = 200;

/** Something a request says, as text, and as a number where it is one. */
export type RowFact = { readonly label: string; readonly shown: string; readonly number: number | null };

/** An approval as My approvals lists it. */
export type ApprovalRow = WorkRow & {
  /** What the author chose to show; empty once it is decided. */
  readonly facts: readonly RowFact[];
  /** The fingerprint of what is shown, which a decision from the list says; absent once it is decided. */
  readonly shownAs?: string | undefined;
  /** Whether it is decided in screens of its own, and so not from a list. */
  readonly hasScreens: boolean;
  /** Which decision wants words with it. */
  readonly needsReason: { readonly approve: boolean; readonly reject: boolean };
};

/** A run that the reader started, in the view "requests". `waitsFor`: who has its open items, at most five. */
export type RequestRow = {
  readonly type: "request";
  readonly runId: string;
  readonly label: string;
  readonly status: RunStatus;
  readonly submissionStatus: SubmissionStatus | null;
  readonly stageLabel: string | null;
  readonly record: { readonly object: string; readonly id: string; readonly name: string } | null;
  readonly waitsFor: readonly Holder[];
  /** Who decides in the place of one of them now. */
  readonly standIns: readonly StandIn[];
  readonly isDebug: boolean;
  readonly startedAt: string;
  readonly endedAt: string | null;
};

/** One line of an item's own history, oldest first. `title` is a sentence without its actor: "assigned it to IT Operations". */
export type WorkEvent = {
  readonly at: string;
  readonly title: string;
  readonly actorName: string | null;
  readonly comments: string | null;
};

/** Everything that the detail of My work and the Work Guide show of one item. What the reader may not do is false. */
export type WorkDetail = {
  readonly item: WorkRow;
  /** The step's description by its author; may be empty. */
  readonly description: string;
  /** One sentence: why this is on that desk. `proof`: the condition behind it with the values it saw. */
  readonly why: string;
  readonly proof: Proof | null;
  /** What the submitter wrote; null outside approvals, and for whoever was only asked a question. */
  readonly submissionComments: string | null;
  /** What the record says, for deciding: label and value as text, at most twelve. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** What is attached to the record, the oldest first. */
  readonly files: readonly ShownFile[];
  /** Of a question what is asked, of a revision why it was sent back, and by whom. */
  readonly prompt: { readonly text: string; readonly byName: string } | null;
  readonly approval: ApprovalDetail | null;
  /** Whether its work is a screen flow; false: plain Approve and Reject. */
  readonly hasScreens: boolean;
  /** The run's stages, for managers, admins and whoever started it; null for others (seed: assignees need not know them). */
  readonly stages:
    | readonly { readonly name: string; readonly label: string; readonly status: StageStatus | null }[]
    | null;
  /** Who finished it and how; null while it is open. */
  readonly closed: { readonly byName: string | null; readonly at: string; readonly comments: string | null } | null;
  readonly history: readonly WorkEvent[];
  /** Who said what in the whole submission; null where that is not the reader's to know, and outside approvals. */
  readonly soFar: SoFar | null;
  readonly mayWork: boolean;
  /** Whether the reader decided on this already with another item of its step; while it is open it is the others' to decide. */
  readonly hasSaid: boolean;
  readonly mayClaim: boolean;
  /** Somebody else has claimed it, and the reader may take it from them. */
  readonly mayTakeOver: boolean;
  readonly mayRelease: boolean;
  readonly mayReassign: boolean;
  readonly maySeeRun: boolean;
  /** Whether the record's page is theirs to open. */
  readonly mayOpenRecord: boolean;
  /** Who decides in its assignee's place now. */
  readonly standIns: readonly StandIn[];
};

/** A value that is not what it was. */
export type Difference = { readonly label: string; readonly before: string; readonly after: string };

/** What approvals show beside what every work item does. */
export type ApprovalDetail = {
  /** Approve, Reject and the further outcomes of the author. `to`: of what sends back the stage's label; null: to the submitter. */
  readonly outcomes: readonly {
    readonly name: string;
    readonly label: string;
    readonly does: "approve" | "reject" | "send_back";
    readonly to: string | null;
    readonly needsReason: boolean;
  }[];
  /** What its decider said, as the outcome's label; null while nobody has. */
  readonly said: string | null;
  readonly policy: string;
  readonly asksPassword: boolean;
  /** The fingerprint of what is shown: a decision says what was looked at. */
  readonly shownAs: string;
  /** What is different from the last submission of this record, or from when it was sent back; null: it was submitted the first time. */
  readonly since: {
    readonly what: "submission" | "decision";
    /** Who decided on that last, and said what; where nobody did (null), who submitted it. */
    readonly byName: string;
    readonly said: string | null;
    readonly at: string;
    readonly changes: readonly Difference[];
  } | null;
  /** Approvals of this submission whose facts have changed since. */
  readonly stale: readonly { readonly byName: string; readonly at: string; readonly changes: readonly Difference[] }[];
  /** How a group's votes stand. */
  readonly vote: {
    readonly rule: string;
    readonly needed: number;
    readonly approve: number;
    readonly reject: number;
    readonly open: number;
    readonly voters: readonly {
      readonly workItemId: string;
      readonly name: string;
      readonly said: string | null;
      /** Not in the group any more: what they say would not count. */
      readonly hasLeft: boolean;
      readonly at: string | null;
    }[];
  } | null;
  readonly questions: readonly {
    readonly workItemId: string;
    /** Who asked: "Ana", or "Ana for Ben". */
    readonly byName: string;
    readonly toName: string;
    readonly text: string;
    readonly askedAt: string;
    readonly answer: string | null;
    readonly answeredAt: string | null;
  }[];
  /** In whose place the reader would decide. */
  readonly onBehalfOfName: string | null;
  readonly mayAsk: boolean;
  readonly mayOverride: boolean;
  readonly mayAddApprover: boolean;
};

/** What can be done around a decision. */
export type Steer = Pick<ApprovalDetail, "mayAsk" | "mayOverride" | "mayAddApprover" | "outcomes" | "asksPassword"> & {
  readonly shownAs: string | undefined;
};

/** Open items in each view, for the shell; `requests` and `done` are not counted. At most 100 each ("99+"). */
export type WorkCounts = {
  readonly now: number;
  readonly waiting: number;
  readonly groups: number;
  /** Approvals that the reader may decide, for themselves or in somebody's place. */
  readonly approvals: number;
};
