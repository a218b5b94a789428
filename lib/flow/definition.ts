import { z } from "zod";
import { apiName, condition, expression, label, OPERATORS, reference } from "../logic/schema";
import { DATA_TYPES } from "../logic/value";
import { waitSchema } from "./wait";

/**
 * A flow: what one step runs. Screen flows talk to a person, autolaunched flows work alone, evaluation flows answer one condition by
 * setting `isOrchestrationConditionMet` (default false). Elements are joined by `next`; null ends the flow.
 */

/** Elements that one execution may pass before it is stopped (reliability F7). */
export const MAX_ELEMENTS_PER_EXECUTION = 2_000;
/** Expressions that their assignments and conditions may evaluate: elements differ, and each expression may fill 100,000 characters. */
export const MAX_EXPRESSIONS_PER_EXECUTION = 10_000;
export const MAX_RECORDS = 2_000;
/** Seconds that one execution may take from one commit to the next. */
export const MAX_SECONDS_PER_EXECUTION = 10;
/** Flows that may be at work in one another, the first included (reliability F55). */
export const MAX_SUBFLOW_DEPTH = 10;
/** Bytes, as UTF-8 JSON, of one record that a variable holds, alone or in a list; texts may have 100,000 characters. */
export const MAX_VALUE_BYTES = 262_144;

/** Creating a record of it in a flow publishes the event that makes a run look again (semantics A10); it is no object of its own. */
export const ORCHESTRATION_EVENT = "FlowOrchestrationEvent";

const variable = z.strictObject({
  name: apiName,
  type: z.enum(DATA_TYPES),
  /** The object of a record or record_list variable. */
  object: apiName.optional(),
  isInput: z.boolean().default(false),
  isOutput: z.boolean().default(false),
  default: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]).default(null),
});
export type FlowVariable = z.infer<typeof variable>;

const next = apiName.nullable();
/** Where the flow goes when the element fails, with the reason in `$Flow.FaultMessage`; null ends it. Without one the interview fails. */
const faultNext = next.optional();

const SCREEN_FIELD_TYPES = [
  "text",
  "long_text",
  "number",
  "currency",
  "checkbox",
  "date",
  "picklist",
  "radio",
  "multi_select",
  "lookup",
  "display_text",
] as const;

const screenFieldSchema = z.strictObject({
  name: apiName,
  type: z.enum(SCREEN_FIELD_TYPES),
  /** For display_text: the text itself, in which `{!references}` are filled. */
  label: z.string().trim().min(1).max(5_000),
  help: z.string().max(1_000).default(""),
  required: z.boolean().default(false),
  default: expression.optional(),
  options: z
    .array(z.strictObject({ value: z.string().min(1).max(255), label }))
    .max(200)
    .default([]),
  /** For lookup: the object whose records are offered, or `user`. */
  lookup: z.union([z.literal("user"), apiName]).optional(),
  visibleWhen: condition.optional(),
  /** The answer is refused with the message unless the condition holds. */
  validWhen: z.strictObject({ condition, message: z.string().min(1).max(500) }).optional(),
});
export type ScreenField = z.infer<typeof screenFieldSchema>;

const screen = z.strictObject({
  type: z.literal("screen"),
  name: apiName,
  label,
  help: z.string().max(2_000).default(""),
  fields: z.array(screenFieldSchema).max(100).default([]),
  allowBack: z.boolean().default(true),
  next,
});
export type ScreenElement = z.infer<typeof screen>;

const assignment = z.strictObject({
  type: z.literal("assignment"),
  name: apiName,
  label,
  assignments: z
    .array(z.strictObject({ variable: apiName, operator: z.enum(["set", "add"]).default("set"), value: expression }))
    .min(1)
    .max(100),
  next,
});

const decision = z.strictObject({
  type: z.literal("decision"),
  name: apiName,
  label,
  outcomes: z
    .array(z.strictObject({ name: apiName, label, when: condition, next }))
    .min(1)
    .max(50),
  defaultLabel: label.default("Otherwise"),
  defaultNext: next,
});

const filter = z.strictObject({
  field: apiName,
  operator: z.enum(OPERATORS).exclude(["is_changed", "is_empty", "was_visited", "has_error"]),
  value: expression,
});

const getRecords = z.strictObject({
  type: z.literal("get_records"),
  name: apiName,
  label,
  object: apiName,
  where: z.array(filter).max(10).default([]),
  sort: z.strictObject({ field: apiName, direction: z.enum(["ascending", "descending"]) }).optional(),
  limit: z.number().int().min(1).max(MAX_RECORDS).default(1),
  /** A record variable takes the first record or null; a record_list variable takes them all. */
  into: apiName,
  next,
  faultNext,
});

const createRecords = z.strictObject({
  type: z.literal("create_records"),
  name: apiName,
  label,
  object: apiName,
  values: z.record(apiName, expression),
  /** A text variable that takes the new record's id. */
  into: apiName.optional(),
  next,
  faultNext,
});

const updateRecords = z.strictObject({
  type: z.literal("update_records"),
  name: apiName,
  label,
  object: apiName,
  /** Resolves to the id of the record to change. */
  record: reference,
  values: z.record(apiName, expression),
  next,
  faultNext,
});

const action = z.strictObject({
  type: z.literal("action"),
  name: apiName,
  label,
  /** A name of the action registry, e.g. `send_email`. */
  action: apiName,
  inputs: z.record(apiName, expression).default({}),
  next,
  faultNext,
});

const deleteRecords = z.strictObject({
  type: z.literal("delete_records"),
  name: apiName,
  label,
  object: apiName,
  /** Resolves to the record's id, to a record, or to a list of records; otherwise all records that `where` finds, at most 2,000. */
  record: reference.optional(),
  where: z.array(filter).max(10).default([]),
  next,
  faultNext,
});

const subflow = z.strictObject({
  type: z.literal("subflow"),
  name: apiName,
  label,
  /** An autolaunched flow: the version that is active when the element is reached. */
  flow: apiName,
  inputs: z.record(apiName, expression).default({}),
  /** Variables of this flow that take outputs of the called one, by the output's name. */
  outputs: z.record(apiName, apiName).default({}),
  next,
  faultNext,
});

const flowElementSchema = z.discriminatedUnion("type", [
  screen,
  assignment,
  decision,
  getRecords,
  createRecords,
  updateRecords,
  deleteRecords,
  action,
  subflow,
  waitSchema,
]);
export type FlowElement = z.infer<typeof flowElementSchema>;

const RUN_MODES = ["default", "user", "system_with_sharing", "system_without_sharing"] as const;

export const flowSchema = z.strictObject({
  kind: z.literal("flow"),
  type: z.enum(["screen", "autolaunched", "evaluation"]),
  name: apiName,
  label,
  description: z.string().max(2_000).default(""),
  /**
   * Whose record access its data operations have (semantics 3.5). `default`, as without one: screen flows have the person's, subflows their
   * caller's, others that of the user they run as, and without such a user that of the system without sharing.
   */
  runMode: z.enum(RUN_MODES).optional(),
  variables: z.array(variable).max(200).default([]),
  start: apiName,
  elements: z.array(flowElementSchema).min(1, "needs at least one element").max(500),
});
export type Flow = z.infer<typeof flowSchema>;

const SLOW: readonly FlowElement["type"][] = ["action", "subflow", "wait"];

/** Seed 000: a flow with an Action, Subflow or Wait is run asynchronously by a background step. */
export const isAsynchronous = (flow: Flow): boolean => flow.elements.some(({ type }) => SLOW.includes(type));
