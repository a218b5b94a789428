import { z } from "zod";
import { apiName, label } from "../../logic/schema";
import type { Value } from "../../logic/value";

/** Shapes and bounds of objects, fields and records. Known to the browser as well: no database here. */

export const FIELD_TYPES = [
  "text",
  "long_text",
  "number",
  "currency",
  "checkbox",
  "date",
  "datetime",
  "email",
  "picklist",
  "lookup",
  "user",
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export const FIELD_TYPE_LABELS: Record<FieldType, string> = {
  text: "Text",
  long_text: "Long text",
  number: "Number",
  currency: "Currency",
  checkbox: "Checkbox",
  date: "Date",
  datetime: "Date and time",
  email: "E-mail",
  picklist: "Picklist",
  lookup: "Lookup to a record",
  user: "Lookup to a person",
};

/** Bounds; each is named in the sentence that refuses what is past it. */
export const MAX_OBJECTS = 200;
export const MAX_FIELDS = 100;
export const MAX_TEXT = 255;
export const MAX_LONG_TEXT = 100_000;
/** Numbers stay where a double still counts cents exactly. */
export const MAX_NUMBER = 999_999_999_999_999;
export const MAX_DECIMALS = 8;
export const MAX_PICKLIST_VALUES = 200;

/** What every record has beside its object's own fields, by the names that flows and conditions use. */
export const STANDARD_FIELDS = ["Id", "Name", "Owner", "CreatedBy", "CreatedAt", "UpdatedAt"] as const;

export type PicklistValue = { readonly value: string; readonly label: string };
/** picklist: `values`; lookup: `object`; number and currency: `decimals`; currency: `currency` (ISO 4217). */
export type FieldOptions = {
  readonly values?: PicklistValue[] | undefined;
  readonly object?: string | undefined;
  readonly decimals?: number | undefined;
  readonly currency?: string | undefined;
};

export type FieldShape = {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly defaultValue: Value;
  readonly help: string;
  readonly options: FieldOptions;
  readonly position: number;
};

export const OTHERS_MAY = ["none", "read", "edit"] as const;
export type OthersMay = (typeof OTHERS_MAY)[number];

export type ObjectShape = {
  readonly name: string;
  readonly label: string;
  readonly pluralLabel: string;
  readonly nameLabel: string;
  readonly icon: string;
  readonly othersMay: OthersMay;
  /** In their order on the page. */
  readonly fields: readonly FieldShape[];
};

/** An object as a place to go to. */
export type ObjectLink = Pick<ObjectShape, "name" | "pluralLabel" | "icon">;

/** The names of icons an object may have; `components/records/object-icon.tsx` draws them. */
export const OBJECT_ICONS = [
  "file",
  "user",
  "users",
  "briefcase",
  "building",
  "cash",
  "receipt",
  "shopping-cart",
  "package",
  "truck",
  "tool",
  "bug",
  "headset",
  "heart",
  "calendar",
  "map-pin",
  "device-laptop",
  "certificate",
  "scale",
  "bulb",
] as const;

const picklistValue = z.strictObject({ value: z.string().trim().min(1, "must not be empty").max(MAX_TEXT), label });

const fieldOptions = z.strictObject({
  values: z.array(picklistValue).max(MAX_PICKLIST_VALUES, `may have at most ${MAX_PICKLIST_VALUES} values`).optional(),
  object: apiName.optional(),
  decimals: z.number().int().min(0).max(MAX_DECIMALS, `may have at most ${MAX_DECIMALS} decimals`).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be three capital letters, such as EUR")
    .optional(),
});

/** What a field's value may be as it comes from outside. */
export const fieldValue = z.union([z.string().max(MAX_LONG_TEXT), z.number(), z.boolean(), z.null()]);

/** What an admin may change about a field at any time. Its name and type are fixed once it exists. */
const changeable = {
  label,
  required: z.boolean().default(false),
  defaultValue: fieldValue.default(null),
  help: z.string().trim().max(1_000, "must be at most 1,000 characters").default(""),
  options: fieldOptions.default({}),
};
const fieldName = apiName.refine(
  (name) => !STANDARD_FIELDS.some((standard) => standard.toLowerCase() === name.toLowerCase()),
  "is the name of a field that every record has",
);

export const newFieldSchema = z.strictObject({ name: fieldName, type: z.enum(FIELD_TYPES), ...changeable });
export type NewField = z.infer<typeof newFieldSchema>;
/** Anything that a field may have been, to be compared and not stored. */
const earlierField = z.strictObject({
  label: z.string().max(1_000),
  required: z.boolean(),
  defaultValue: fieldValue,
  help: z.string().max(10_000),
  options: z.looseObject({}),
});
export const changeableOf = ({ label, required, defaultValue, help, options }: FieldShape) => ({
  label,
  required,
  defaultValue,
  help,
  options,
});
/** `was`: what it was like when the form was opened. */
export const fieldChangeSchema = z.strictObject({ name: apiName, ...changeable, was: earlierField });
export type FieldChange = z.infer<typeof fieldChangeSchema>;

export const objectSchema = z.strictObject({
  name: apiName,
  label,
  pluralLabel: label,
  nameLabel: label.default("Name"),
  icon: z.enum(OBJECT_ICONS).default("file"),
  othersMay: z.enum(OTHERS_MAY).default("none"),
});
export type ObjectInput = z.infer<typeof objectSchema>;

const earlierText = z.string().max(1_000);
/** `was`: what it was like when the form was opened. */
export const objectChangeSchema = objectSchema.extend({
  was: z.strictObject({
    label: earlierText,
    pluralLabel: earlierText,
    nameLabel: earlierText,
    icon: earlierText,
    othersMay: z.enum(OTHERS_MAY),
  }),
});
export type ObjectChange = z.infer<typeof objectChangeSchema>;
