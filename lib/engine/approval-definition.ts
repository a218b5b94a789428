import { z } from "zod";
import { apiName, label, reference } from "../logic/schema";

/** What approvals say beyond what every step says: outcomes, rules of groups, due dates (semantics A11 to A19, B 6). */

/** Minutes; ten years. */
const MAX_MINUTES = 5_256_000;
const minutes = z.number().int().min(1).max(MAX_MINUTES);

/** What an approver may say beside Approve and Reject. `to`: a stage; null is back to the submitter. Only for `send_back`. */
export const outcomeSchema = z.strictObject({
  name: apiName,
  label,
  does: z.enum(["approve", "reject", "send_back"]),
  to: apiName.nullable().default(null),
  needsReason: z.boolean().default(false),
});

/** How the members of a group or queue decide together (A15). `first`: whoever decides first decides for all. */
export const ruleSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("first") }),
  z.strictObject({ type: z.literal("unanimous") }),
  z.strictObject({ type: z.literal("majority") }),
  z.strictObject({ type: z.literal("at_least"), count: z.number().int().min(1).max(200) }),
  z.strictObject({ type: z.literal("percent"), percent: z.number().min(1).max(100) }),
]);
export type GroupRule = z.infer<typeof ruleSchema>;

const escalation = z.strictObject({
  afterMinutes: minutes,
  /** The assignee's manager, or somebody in particular; the definition's fallback when there is none. */
  to: z.union([
    z.literal("manager"),
    z.strictObject({ type: z.enum(["user", "group", "queue"]), value: z.string().trim().min(1).max(255) }),
  ]),
});

/** By when work is due, and what happens until and after then; all in minutes after the item was made (A19). */
export const dueSchema = z.strictObject({
  minutes,
  remindAfter: z.array(minutes).max(10, "at most 10 reminders").default([]),
  escalate: escalation.nullable().default(null),
  /** Ends the step with that outcome, whatever its name; approval steps only. */
  timeOut: z.strictObject({ afterMinutes: minutes, outcome: apiName }).nullable().default(null),
});
export type Due = z.infer<typeof dueSchema>;

/** What an approval step has beside what every step of a person has. */
export const approvalParts = {
  rule: ruleSchema.default({ type: "first" }),
  outcomes: z.array(outcomeSchema).max(8, "at most 8 further outcomes").default([]),
  approveNeedsReason: z.boolean().default(false),
  rejectNeedsReason: z.boolean().default(true),
  /** A11: `{ goTo }` leads the run to a stage instead of ending it. */
  onReject: z.union([z.enum(["stop", "continue"]), z.strictObject({ goTo: apiName })]).default("stop"),
  mayAskQuestions: z.boolean().default(true),
  /** Smart approval: approved by itself when none of these differs from what it was at this step's last approval of the record. */
  skipIfUnchanged: z.array(reference).max(20, "at most 20 values").default([]),
} as const;

/** What an approval process says of itself as a whole; the recall stage is added in `definition.ts`, which knows stages. */
export const processParts = {
  allowsSelfApproval: z.boolean().default(false),
  /** The approver's password again at each decision. */
  asksPassword: z.boolean().default(false),
  /** How a submission ends that no approval step was reached for (A12). */
  whenNoStepRan: z.enum(["approved", "rejected"]).default("rejected"),
  /** What the approver is shown of the record, and what mails may hold (S56). */
  facts: z
    .array(z.strictObject({ label, value: reference }))
    .max(20, "at most 20 facts")
    .default([]),
  /** The rule that the approver decides by, in the author's words. */
  policy: z.string().max(4_000).default(""),
  /** The amount that delegations are bounded by. */
  amount: reference.nullable().default(null),
  chooseApprover: z.enum(["no", "may", "must"]).default("no"),
  /** The submitter is asked for no comment (6.2); what approvers say is told all the same. */
  hidesComments: z.boolean().default(false),
  allowsRecall: z.boolean().default(true),
  sendsNoApproverMails: z.boolean().default(false),
} as const;
