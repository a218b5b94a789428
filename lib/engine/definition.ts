import { z } from "zod";
import { apiName, condition, expression, label, reference } from "../logic/schema";
import { approvalParts, dueSchema, processParts } from "./approval-definition";

/**
 * An orchestration, or an approval process, as Baton stores it: stages and decisions joined by connectors (`next` names an element,
 * null ends the run). Versions of it are immutable once active. Source of the words: semantics B 1 and 2.
 */

/** Bounds of one definition (reliability A12); refused at activation with the number. */
export const MAX_STAGES = 50;
export const MAX_STEPS_PER_STAGE = 100;
export const MAX_VARIABLES = 200;
/** Different values of its record that an orchestration may read. */
export const MAX_RECORD_PATHS = 1_000;

const inputs = z.record(apiName, expression).default({});

const evaluationFlow = z.strictObject({ type: z.literal("evaluation_flow"), flow: apiName, inputs });
const requirements = z.strictObject({ type: z.literal("requirements"), condition });

export const entrySchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("stage_starts") }),
  z.strictObject({ type: z.literal("step_completed"), step: apiName }),
  requirements,
  evaluationFlow,
]);
export type Entry = z.infer<typeof entrySchema>;

export const exitSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("flow_completed") }),
  requirements,
  evaluationFlow,
]);
export type StepExit = z.infer<typeof exitSchema>;

export const stageExitSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("all_steps_completed") }),
  requirements,
  evaluationFlow,
]);
export type StageExit = z.infer<typeof stageExitSchema>;

/** A user is named by username, e-mail or id; a group or queue by its name. `resource` may resolve to any of the three. */
export const assigneeSchema = z.strictObject({
  type: z.enum(["user", "group", "queue", "resource"]),
  value: expression,
});
export type AssigneeDefinition = z.infer<typeof assigneeSchema>;

const outputMapping = z.strictObject({ from: apiName, to: apiName });

const common = {
  name: apiName,
  label,
  description: z.string().max(2_000).default(""),
  entry: entrySchema.default({ type: "stage_starts" }),
  inputs,
  /** Output variables of the step's flow that are copied into orchestration variables when the step completes (A26). */
  outputs: z.array(outputMapping).max(200).default([]),
  /** Does not hold its stage when its entry condition is false and everything else is done (A13). */
  optional: z.boolean().default(false),
  /** Keeps everybody else from changing the run's record while the step is in progress (2.10, 6.8, A22); the run's own flows may. */
  locksRecord: z.boolean().default(false),
};

const person = {
  ...common,
  exit: exitSchema.default({ type: "flow_completed" }),
  assignee: assigneeSchema,
  /** The record on whose page the work item is shown; the run's own record unless said. */
  record: reference.default("$Record.Id"),
  emailSubject: expression.optional(),
  emailBody: expression.optional(),
  /** Whether the assignee may edit the record while the item is open (A17), also when the run has it locked. */
  mayEditRecord: z.boolean().default(false),
  due: dueSchema.optional(),
};

export const interactiveStepSchema = z.strictObject({
  ...person,
  kind: z.literal("interactive"),
  flow: apiName,
  onScreenFault: z.enum(["keep_open", "fail"]).default("keep_open"),
});

/** Without a flow the approver gets plain Approve and Reject with a comment. */
export const approvalStepSchema = z.strictObject({
  ...person,
  kind: z.literal("approval"),
  flow: apiName.optional(),
  onScreenFault: z.enum(["keep_open", "fail"]).default("fail"),
  /** Screens in which whoever is asked for information answers, their outputs being the answer; without them they write a text. */
  answers: z.strictObject({ flow: apiName }).optional(),
  /** Approved by itself when this holds as the step starts. */
  autoApprove: condition.nullable().default(null),
  ...approvalParts,
});

export const backgroundStepSchema = z.strictObject({
  ...common,
  kind: z.literal("background"),
  flow: apiName,
  /** `automatic`: asynchronous when the flow has an Action, Subflow or Wait (seed 000); `asynchronous` forces it (A9). */
  processing: z.enum(["automatic", "asynchronous"]).default("automatic"),
  /** Whose rights the flow has (3.5); a named person only with an admin's word at activation (S33). */
  runAs: z
    .union([z.enum(["automated", "latest_completer"]), z.strictObject({ user: z.string().trim().min(1).max(255) })], {
      error: 'must be "automated", "latest_completer" or { "user": "…" }',
    })
    .default("automated"),
});

/** Calls one operation of another system, always asynchronously (semantics 3.1). */
export const externalStepSchema = z.strictObject({ ...common, kind: z.literal("external"), operation: apiName });

export const stepSchema = z.discriminatedUnion("kind", [
  interactiveStepSchema,
  approvalStepSchema,
  backgroundStepSchema,
  externalStepSchema,
]);
export type StepDefinition = z.infer<typeof stepSchema>;
export type HumanStep = Extract<StepDefinition, { kind: "interactive" | "approval" }>;
export type ApprovalStep = Extract<StepDefinition, { kind: "approval" }>;

export const stageSchema = z.strictObject({
  type: z.literal("stage"),
  name: apiName,
  label,
  description: z.string().max(2_000).default(""),
  steps: z
    .array(stepSchema)
    .min(1, "a stage needs at least one step")
    .max(MAX_STEPS_PER_STAGE, `a stage may have at most ${MAX_STEPS_PER_STAGE} steps`),
  exit: stageExitSchema.default({ type: "all_steps_completed" }),
  next: apiName.nullable(),
  /** Where the run goes when the stage fails; null ends it as Completed. Absent: the run goes to Error (A4, 2.9). */
  faultNext: apiName.nullable().optional(),
});
export type StageDefinition = z.infer<typeof stageSchema>;

const outcomeSchema = z.strictObject({
  name: apiName,
  label,
  when: condition,
  /** In record-triggered runs: only when the change made it hold; of a record that was created, whenever it holds (semantics 4.2). */
  onlyWhenChangedToMeet: z.boolean().optional(),
  next: apiName.nullable(),
});

export const decisionSchema = z.strictObject({
  type: z.literal("decision"),
  name: apiName,
  label,
  outcomes: z.array(outcomeSchema).min(1, "a decision needs at least one outcome").max(50),
  defaultLabel: label.default("Otherwise"),
  defaultNext: apiName.nullable(),
});
export type DecisionDefinition = z.infer<typeof decisionSchema>;

const variable = z.strictObject({
  name: apiName,
  type: z.enum(["text", "number", "currency", "boolean", "date", "datetime", "user", "record"]),
  isInput: z.boolean().default(false),
  default: z.union([z.string(), z.number(), z.boolean(), z.null()]).default(null),
});

export const startSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("record_triggered"),
    object: apiName,
    on: z.enum(["create", "update", "create_or_update"]),
    when: condition.nullable().default(null),
    /** For updates: start every time the criteria hold, or only when the change made them hold. */
    onlyWhenChangedToMeet: z.boolean().default(false),
    /** At most one open run for a record at a time (I43). */
    oneOpenRun: z.boolean().default(true),
    next: apiName.nullable(),
  }),
  z.strictObject({
    type: z.literal("autolaunched"),
    /** Set when runs are about a record of this object: then the record's page offers to start one. */
    object: apiName.nullable().default(null),
    /** What the record must meet for one to be started about it; else the page does not offer it, and a start is refused. */
    when: condition.optional(),
    /** What the button on the record says. */
    buttonLabel: label.optional(),
    /** The same; unless said, of approval processes alone: one submission of a record at a time. */
    oneOpenRun: z.boolean().optional(),
    next: apiName.nullable(),
  }),
]);

const approvalSchema = z.strictObject({
  ...processParts,
  /** The recall path (A21): one stage of background steps, done by a run of its own after a recall or a cancel. */
  recallStage: stageSchema.nullable().default(null),
});

export const orchestrationSchema = z.strictObject({
  kind: z.literal("orchestration"),
  processType: z.enum(["orchestrator", "approval"]),
  name: apiName,
  label,
  description: z.string().max(2_000).default(""),
  start: startSchema,
  variables: z.array(variable).max(MAX_VARIABLES).default([]),
  elements: z
    .array(z.discriminatedUnion("type", [stageSchema, decisionSchema]))
    .min(1, "needs at least one stage")
    .max(MAX_STAGES * 2),
  /** Of an imported definition: below 60 a background flow runs as whoever the run runs as (seed 000). */
  apiVersion: z.number().int().min(1).max(1_000).default(68),
  /** Of approval processes only. */
  approval: approvalSchema.optional(),
  /** A step that locks the record finds it locked by another run: it waits its turn, or fails. */
  onLocked: z.enum(["wait", "fail"]).default("wait"),
  /** Usernames or e-mail addresses of those whose rights a background step may take on; nobody else's (S33). */
  runAsAllowed: z.array(z.string().trim().min(1).max(255)).max(50, "may name at most 50 people").default([]),
  /** Who gets an item whose own assignee cannot be found or is inactive (A16); else the person who started the run. */
  fallbackAssignee: z
    .strictObject({ type: z.enum(["user", "group", "queue"]), value: z.string().min(1).max(255) })
    .optional(),
});
export type Orchestration = z.infer<typeof orchestrationSchema>;
