import type { Database } from "../../../db/client";
import type { Orchestration } from "../../engine/definition";
import { lookupOf } from "../../engine/lookup";
import type { RunState } from "../../engine/state";
import { isId } from "../../ids";
import { textOf } from "../../logic/text-of";
import { ownProperty, type Value } from "../../logic/value";
import { recordValues } from "../../records/queries/read-record";
import { type Followed, followAll } from "../../records/queries/resolve-paths";
import type { ShapedRecord } from "../../records/queries/shaped-record";
import { formatValue } from "../../records/schema/format-value";

/** Fields that are shown where the author chose none. */
const MAX_FIELDS = 12;
const MAX_CHARACTERS = 500;
const RECORD = "$Record.";

/** Whether a reference reads the record, or what lies behind it, and not the run. */
export const isOfRecord = (path: string): boolean => path.startsWith(RECORD);

/** One thing that an approver is shown. `path` is the reference behind it; `shown` is the value as its reader reads it. */
export type Fact = {
  readonly path: string;
  readonly label: string;
  readonly value: Value;
  readonly shown: string;
  /** Ids of the records and users through which it was read, where it is no value of the record itself. */
  readonly behind?: readonly string[];
};

export type Chosen = { readonly path: string; readonly label: string };

/** What an approver of that process is shown of that record: what its author chose, else the record's first twelve fields that say something. */
export function factsChosen(definition: Orchestration, row: ShapedRecord | null): Chosen[] {
  const chosen = definition.approval?.facts ?? [];
  return chosen.length > 0
    ? chosen.map(({ label, value }) => ({ label, path: value }))
    : fieldsFilled(row).slice(0, MAX_FIELDS);
}

/** The record's fields that say something. */
export function fieldsFilled(row: ShapedRecord | null): Chosen[] {
  const filled = row?.fields.filter(({ name }) => ![null, undefined, ""].includes(row.data[name] as string)) ?? [];
  return filled.map(({ name, label }) => ({ label, path: `${RECORD}${name}` }));
}

/** What references are read from: the run as it stands (null: nothing but its record), and the record as it is now. */
export type Source = {
  readonly definition: Orchestration | null;
  readonly state: RunState | null;
  readonly row: ShapedRecord | null;
};

/** Values by reference, and through which records and users they were read. */
export type Found = { readonly values: { readonly [path: string]: Value }; readonly behind: Behind };
type Behind = { readonly [path: string]: readonly string[] };

type Asked = { readonly source: Source; readonly paths: readonly string[] };

/** The values behind references, by reference. Read as Baton itself: the author of the process chose what its approvers see. */
export async function valuesAt(db: Database, source: Source, paths: readonly string[]): Promise<Found> {
  const [found] = await valuesOfAll(db, [{ source, paths }]);
  return found ?? { values: {}, behind: {} };
}

/** The same for several, in their order; what lies behind their lookups is read together. */
export async function valuesOfAll(db: Database, asked: readonly Asked[]): Promise<Found[]> {
  const far = asked.flatMap((one) => {
    const { row } = one.source;
    const paths = one.paths.filter(isOfRecord).map((path) => path.slice(RECORD.length));
    const beyond = paths.filter((path) => path.includes("."));
    return row && beyond.length > 0 ? [{ one, start: { id: row.recordId, paths: beyond } }] : [];
  });
  const starts = far.map(({ start }) => start);
  const followed = await followAll(db, starts);
  const behind = new Map(far.map(({ one }, at) => [one, followed[at]]));
  return asked.map((one) => foundAt(one, behind.get(one)));
}

function foundAt({ source: { definition, state, row }, paths }: Asked, followed: Followed | undefined): Found {
  const values = row ? recordValues(row) : {};
  const facts = { record: { ...values, ...followed?.values }, flows: {} };
  const now = row?.updatedAt.toISOString() ?? "";
  const lookup = state && definition && lookupOf({ definition, state, facts, evaluations: {}, seq: 0, now });
  const read = (path: string): Value => {
    if (isOfRecord(path)) return ownProperty(facts.record, path.slice(RECORD.length));
    return lookup ? lookup(path) : null;
  };
  return {
    values: Object.fromEntries(paths.map((path) => [path, read(path)])),
    // The first of them is the record itself.
    behind: Object.fromEntries(
      Object.entries(followed?.behind ?? {}).map(([path, ids]) => [RECORD + path, ids.slice(1)]),
    ),
  };
}

/**
 * Whether a reader may know what a reference gave: what lies behind lookups only through records that are theirs to see, then and now.
 * `names` are of what they may see.
 */
export const isReadable = (
  { path, behind = [] }: Pick<Fact, "path" | "behind">,
  { found, names }: { readonly found: Found; readonly names: Readonly<Record<string, string>> },
): boolean => [...behind, ...(found.behind[path] ?? [])].every((id) => Object.hasOwn(names, id));

/** Ids among values, whose names a reader wants to read instead. */
export const idsAmong = (values: readonly Value[]): string[] =>
  values.flatMap((value) =>
    typeof value === "string" && (isId("user", value) || isId("record", value)) ? [value] : [],
  );

export const HIDDEN = "Not yours to see";

/** Whether what is shown of it is only that there is something. */
export const isHidden = ({ value, shown }: Pick<Fact, "value" | "shown">): boolean =>
  shown === HIDDEN && idsAmong([value]).length > 0;

/** A value as people read it: by its field where it is one, ids as names. */
export function showValue(
  value: Value,
  path: string,
  { row, names }: { readonly row: ShapedRecord | null; readonly names: Readonly<Record<string, string>> },
): string {
  if (idsAmong([value]).length > 0) return names[String(value)] ?? HIDDEN;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  const name = path.startsWith(RECORD) ? path.slice(RECORD.length) : "";
  const field = row?.fields.find((one) => one.name === name);
  const text = field ? formatValue(value, field) : typeof value === "object" ? textOf(value) : String(value);
  return (text ?? "").slice(0, MAX_CHARACTERS);
}
