import { z } from "zod";
import { orchestrationSchema } from "../engine/definition";
import { isInOrder } from "../flow/calendar";
import { flowSchema } from "../flow/definition";
import { isDate } from "../logic/instant";
import { apiName, label } from "../logic/schema";
import { isTimeZone } from "../logic/wall-time";
import type { Problem } from "../result";

/** One definition as a file holds it: an orchestration (or approval process) or a flow. */
export const definitionSchema = z.discriminatedUnion("kind", [orchestrationSchema, flowSchema]);
export type DefinitionBody = z.infer<typeof definitionSchema>;

/** Bytes of one definition's JSON in UTF-8; versions of one definition; definitions of one import. */
export const MAX_BODY_BYTES = 1_000_000;
export const MAX_VERSIONS = 50;
/** Orchestrations that may be active for one object at a time. */
export const MAX_ACTIVE_ON_OBJECT = 200;
export const MAX_BUNDLE = 100;

/** What a draft must have at least; the rest may be incomplete until it is activated. */
export const draftHead = z.looseObject({
  kind: z.enum(["orchestration", "flow"], { error: 'must be "orchestration" or "flow"' }),
  /** `new` is a page's name. */
  name: apiName.refine((name) => name !== "new", "is a reserved word"),
  label: label.optional(),
});
export type DraftHead = z.infer<typeof draftHead>;

/** The words of `definition.type`. */
export const DEFINITION_TYPES = ["orchestrator", "approval", "screen", "autolaunched", "evaluation"] as const;
export type DefinitionType = (typeof DEFINITION_TYPES)[number];

const key = z.string().min(8).max(100);
const version = z.number().int().min(1).max(1_000_000);
/** JSON as somebody typed or uploaded it, so that its mistakes can be told by line. */
const text = z.string().max(MAX_BODY_BYTES, `may have at most ${MAX_BODY_BYTES} characters`);

/** `base`: the hash of the version the author began with; null for a name that is new to them. */
export const saveDraftInput = z.strictObject({ key, text, base: z.string().max(100).nullable() });
export const checkInput = z.strictObject({ key, text });
export const activateInput = z.strictObject({ key, name: apiName, version });
export const deactivateInput = z.strictObject({ key, name: apiName, force: z.boolean().default(false) });
export const importInput = z.strictObject({ key, text, activate: z.boolean().default(false) });
export const exportInput = z.strictObject({ key, name: apiName, version });
export const deleteObjectInput = z.strictObject({ key, name: apiName });
export const deleteFieldInput = z.strictObject({ key, object: apiName, name: apiName });
export const createInput = z.strictObject({ key, type: z.enum(DEFINITION_TYPES), name: apiName, label });

/** Filters of the list, as they stand in the address bar; what is malformed counts as not said. */
export const listFilter = z.object({
  view: z.enum(["orchestrations", "approvals", "flows"]).optional().catch(undefined),
  status: z.enum(["active", "draft", "inactive"]).optional().catch(undefined),
  search: z.string().trim().max(200).optional().catch(undefined),
  cursor: z.string().max(500).optional().catch(undefined),
});
export type ListFilter = z.infer<typeof listFilter>;

/** One row of the list. `hasDraft`: something newer than the active version waits. Instants are ISO texts. */
export type DefinitionRow = {
  readonly name: string;
  readonly label: string;
  readonly kind: "orchestration" | "flow";
  readonly type: DefinitionType;
  readonly status: "active" | "draft" | "inactive";
  readonly activeVersion: number | null;
  readonly hasDraft: boolean;
  readonly savedAt: string;
  readonly savedByName: string | null;
};

export type VersionRow = {
  readonly version: number;
  readonly status: "draft" | "active" | "inactive";
  readonly hash: string;
  readonly savedAt: string;
  readonly savedByName: string | null;
  readonly activatedAt: string | null;
  /** Runs of this version that have not ended; 0 for flows. */
  readonly openRuns: number;
};

/** One definition at one version, as its page shows it. */
export type DefinitionPage = {
  readonly name: string;
  readonly label: string;
  readonly type: DefinitionType;
  /** Newest first. */
  readonly versions: readonly VersionRow[];
  readonly shown: VersionRow;
  /** The shown version as an author reads it. */
  readonly text: string;
  /** Null while a draft has not the right form. */
  readonly body: DefinitionBody | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Flows that it calls. */
  readonly calls: readonly string[];
  /** Display names of the people, groups and queues that are written down in it, by `user:maya`. */
  readonly names: Readonly<Record<string, string>>;
  /** Names of those whose rights its steps take on (S33). */
  readonly runsAs: readonly string[];
  /** Orchestrations whose active version calls it. */
  readonly calledBy: readonly { readonly name: string; readonly label: string }[];
  readonly mayEdit: boolean;
  readonly mayActivate: boolean;
  /** Whether the lists of everybody's runs are theirs to see. */
  readonly maySeeRuns: boolean;
};

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time such as 09:00");
const dayHours = z
  .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
  .max(10, "may have at most 10 spans")
  .refine(isInOrder, "must be in order, and each end after it begins");
const calendarFields = {
  label: z.string().trim().min(1, "must not be empty").max(80),
  timeZone: z.string().max(60).refine(isTimeZone, "is no time zone, such as Europe/Berlin"),
  hours: z.array(dayHours).length(7),
  holidays: z
    .array(
      z.strictObject({
        date: z.string().max(10).refine(isDate, "must be a day that exists, such as 2026-12-25"),
        label: z.string().trim().max(80),
      }),
    )
    .max(1_000, "may have at most 1,000 days"),
};
export const createCalendarInput = z.strictObject({ key, name: apiName, ...calendarFields });
export const changeCalendarInput = z.strictObject({ key, name: z.string().max(80), ...calendarFields });
export const deleteCalendarInput = z.strictObject({ key, name: z.string().max(80) });
export type CalendarInput = Omit<z.output<typeof createCalendarInput>, "key">;
