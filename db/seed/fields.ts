import type { NewField, ObjectInput } from "../../lib/records/schema/object";

export type DemoObject = ObjectInput & { readonly fields: readonly NewField[] };

type More = Partial<Omit<NewField, "name" | "type">>;

/** A field whose label is its name in words. */
export function field(name: string, type: NewField["type"], more: More = {}): NewField {
  const [first = "", ...rest] = name.split("_");
  const label = [first, ...rest.map((word) => word.toLowerCase())].join(" ");
  return { name, type, label, required: false, defaultValue: null, help: "", options: {}, ...more };
}

export const picklist = (name: string, values: readonly string[], more: More = {}): NewField =>
  field(name, "picklist", { options: { values: values.map((value) => ({ value, label: value })) }, ...more });

export const euros = { options: { currency: "EUR", decimals: 2 } };
