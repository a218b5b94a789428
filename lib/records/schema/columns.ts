import type { FieldShape, ObjectShape } from "./object";

/** Fields that a list of records has columns for, beside name, owner and last change. */
const MAX_COLUMNS = 4;

/** The fields a list shows: the first ones of the object that fit into a row. */
export const listedFields = (object: ObjectShape): readonly FieldShape[] =>
  object.fields.filter(({ type }) => type !== "long_text").slice(0, MAX_COLUMNS);

/** Standard fields as the lists' filters know them, before the object's own. */
const standard = (name: string, label: string, type: FieldShape["type"]): FieldShape => ({
  name,
  label,
  type,
  required: true,
  defaultValue: null,
  help: "",
  options: {},
  position: 0,
});

/** Everything a list may be filtered by. Instants are given as days. */
export const filterFields = (object: ObjectShape): readonly FieldShape[] => [
  standard("Name", object.nameLabel, "text"),
  standard("Owner", "Owner", "user"),
  ...object.fields,
  standard("CreatedAt", "Created", "datetime"),
  standard("UpdatedAt", "Last change", "datetime"),
];
