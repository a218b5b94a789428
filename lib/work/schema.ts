import { z } from "zod";
import type { ItemFlag } from "../engine/state";
import type { WorkItemStatus } from "../engine/status";

/** Filters of Orchestration Work Items (admins and managers), as they stand in the address bar. */
export const itemFilter = z.object({
  status: z.enum(["assigned", "completed"]).optional(),
  /** `user:usr_…`, `group:grp_…` or `queue:que_…` */
  assignee: z.string().regex(/^(user|group|queue):[a-z0-9_]{3,40}$/).optional(),
  definition: z.string().max(80).optional(),
  flagged: z.coerce.boolean().optional(),
  /** Assigned at least that many hours ago. */
  olderThanHours: z.coerce.number().int().min(1).max(87_600).optional(),
  search: z.string().trim().max(200).optional(),
  cursor: z.string().max(500).optional(),
});
export type ItemFilter = z.infer<typeof itemFilter>;

/** One row of Orchestration Work Items. Instants are ISO texts. */
export type ItemRow = {
  readonly workItemId: string;
  readonly runId: string;
  readonly kind: "interactive" | "approval";
  readonly status: WorkItemStatus;
  readonly label: string;
  readonly processLabel: string;
  readonly stageLabel: string;
  readonly record: { readonly object: string; readonly id: string; readonly name: string } | null;
  readonly assignee: { readonly type: "user" | "group" | "queue"; readonly id: string; readonly name: string };
  readonly claimedByName: string | null;
  readonly createdAt: string;
  readonly assignedAt: string;
  readonly closedAt: string | null;
  readonly completionKind: "done" | "withdrawn" | "superseded" | null;
  readonly completedByName: string | null;
  readonly outcome: "approve" | "reject" | null;
  readonly flag: ItemFlag | null;
};

const key = z.string().min(8).max(100);
const assignee = z.strictObject({ type: z.enum(["user", "group", "queue"]), id: z.string().min(3).max(40) });

export const reassignInput = z.strictObject({
  workItemIds: z.array(z.string().max(40)).min(1, "Choose at least one work item").max(200, "At most 200 work items at once"),
  to: assignee,
  reason: z.string().trim().min(1, "Say why, in a few words").max(2_000, "At most 2,000 characters"),
  key,
});
/** Each item has an outcome of its own; the ones that failed say why. */
export type ReassignReport = { readonly done: readonly string[]; readonly failed: readonly { readonly workItemId: string; readonly message: string }[] };

export const claimInput = z.strictObject({ workItemId: z.string().max(40), takeOver: z.boolean().default(false), key });
export const releaseInput = z.strictObject({ workItemId: z.string().max(40), key });
