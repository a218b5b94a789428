/**
 * A definition's JSON as people read and write it: known keys in the order of a story (what it is, its name, then its content, then where
 * it leads), short things on one line, and nothing said that is understood by itself. The database keeps neither order nor brevity.
 */
const FIRST = [
  "kind",
  "processType",
  "type",
  "name",
  "label",
  "description",
  "runMode",
  "object",
  "on",
  "flow",
  "buttonLabel",
  "start",
  "variables",
  "fallbackAssignee",
];
const LAST = ["steps", "elements", "exit", "next", "defaultLabel", "defaultNext"];
const MAX_LINE = 120;

/** Members that mean the same when they are left out, wherever they stand. */
const UNDERSTOOD: Readonly<Record<string, string>> = {
  description: '""',
  help: '""',
  inputs: "{}",
  outputs: "[]",
  options: "[]",
  where: "[]",
  requirements: "[]",
  variables: "[]",
  fields: "[]",
  default: "null",
  when: "null",
  isInput: "false",
  isOutput: "false",
  optional: "false",
  required: "false",
  mayEditRecord: "false",
  locksRecord: "false",
  runAs: '"automated"',
  onLocked: '"wait"',
  apiVersion: "68",
  onlyWhenChangedToMeet: "false",
  entry: '{"type":"stage_starts"}',
  operator: '"set"',
  logic: '"all"',
  processing: '"automatic"',
  allowBack: "true",
  defaultLabel: '"Otherwise"',
};
/** An exit that holds when everything is done, and what a step does by default, go unsaid too. */
const EXITS: readonly string[] = ['{"type":"flow_completed"}', '{"type":"all_steps_completed"}'];

type Json = { readonly [key: string]: unknown };
const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const rank = (key: string): number => {
  const first = FIRST.indexOf(key);
  return first >= 0 ? first - FIRST.length : LAST.indexOf(key) + 1;
};

/** The same definition without what is understood by itself; the checker reads it as the same. */
export function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (!isObject(value)) return value;
  const said = Object.entries(value).filter(([key, member]) => {
    const text = JSON.stringify(member);
    if (key === "record") return !("assignee" in value && text === '"$Record.Id"');
    return !(Object.hasOwn(UNDERSTOOD, key) && UNDERSTOOD[key] === text) && !(key === "exit" && EXITS.includes(text));
  });
  return Object.fromEntries(said.map(([key, member]) => [key, tidy(member)]));
}

/** Variables and outcomes begin with their name, everything else with what it is. */
const ordered = (value: Json): [string, unknown][] => {
  const isNameFirst = !("kind" in value) && !("label" in value && "type" in value);
  const place = (key: string): number => (isNameFirst && key === "name" ? -FIRST.length - 1 : rank(key));
  return Object.entries(value).sort(([a], [b]) => place(a) - place(b));
};

function inline(value: unknown): string {
  if (Array.isArray(value)) return value.length ? `[${value.map(inline).join(", ")}]` : "[]";
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const members = ordered(value).map(([key, member]) => `${JSON.stringify(key)}: ${inline(member)}`);
  return members.length ? `{ ${members.join(", ")} }` : "{}";
}

/** JSON text, two spaces a level, lines of about 120 characters. Says exactly what it is given; see `tidy`. */
export function printDefinition(value: unknown, indent = ""): string {
  const short = inline(value);
  const isContainer = Array.isArray(value) || isObject(value);
  if (
    !isContainer ||
    (indent !== "" && short.length + indent.length <= MAX_LINE && !/"(steps|elements|fields)": \[\S/.test(short))
  )
    return short;
  const deeper = `${indent}  `;
  if (Array.isArray(value))
    return value.length
      ? `[\n${value.map((item) => deeper + printDefinition(item, deeper)).join(",\n")}\n${indent}]`
      : "[]";
  const members = ordered(value as Json).map(
    ([key, member]) => `${deeper}${JSON.stringify(key)}: ${printDefinition(member, deeper)}`,
  );
  return members.length ? `{\n${members.join(",\n")}\n${indent}}` : "{}";
}
