import { z } from "zod";
import { orchestrationSchema } from "../engine/definition";
import { flowSchema } from "../flow/definition";
import { apiName, label } from "../logic/schema";

/** One definition as a file holds it: an orchestration (or approval process) or a flow. */
export const definitionSchema = z.discriminatedUnion("kind", [orchestrationSchema, flowSchema]);
export type DefinitionBody = z.infer<typeof definitionSchema>;

/** Bytes of one definition's JSON in UTF-8; versions of one definition; definitions of one import. */
export const MAX_BODY_BYTES = 1_000_000;
export const MAX_VERSIONS = 50;
export const MAX_BUNDLE = 100;

/** What a draft must have at least; the rest may be incomplete until it is activated. */
export const draftHead = z.looseObject({
  kind: z.enum(["orchestration", "flow"], { error: 'must be "orchestration" or "flow"' }),
  name: apiName,
  label: label.optional(),
});
export type DraftHead = z.infer<typeof draftHead>;

/** The words of `definition.type`. */
export const DEFINITION_TYPES = ["orchestrator", "approval", "screen", "autolaunched", "evaluation"] as const;
export type DefinitionType = (typeof DEFINITION_TYPES)[number];

const key = z.string().min(8).max(100);
const version = z.number().int().min(1).max(1_000_000);

/** Inputs of the actions; `text` is JSON as somebody typed it, so that its mistakes can be told by line. */
export const saveDraftInput = z.strictObject({ key, text: z.string().max(MAX_BODY_BYTES), expectedVersion: version.nullable() });
export const validateInput = z.strictObject({ key, text: z.string().max(MAX_BODY_BYTES) });
export const activateInput = z.strictObject({ key, name: apiName, version });
export const deactivateInput = z.strictObject({ key, name: apiName, force: z.boolean().default(false) });
export const importInput = z.strictObject({ key, text: z.string().max(MAX_BODY_BYTES), activate: z.boolean().default(false) });
export const newDraftInput = z.strictObject({
  key,
  type: z.enum(DEFINITION_TYPES),
  name: apiName,
  label,
});
