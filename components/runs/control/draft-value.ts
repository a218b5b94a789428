import type { Value } from "@/lib/logic/value";
import type { EditableValue, ValueKind } from "@/lib/runs/schema/run-control";

/** A value while somebody types it: what kind they mean it to be, and the text as it was typed. */
export type DraftValue = { readonly name: string; readonly kind: ValueKind | "none"; readonly text: string };

export const draftOf = ({ name, kind, value }: EditableValue): DraftValue =>
  value === null ? { name, kind: "none", text: "" } : { name, kind, text: textOf(value, kind) };

const textOf = (value: Value, kind: ValueKind): string =>
  kind === "json" || (typeof value === "object" && value !== null) ? JSON.stringify(value, null, 2) : String(value);

export type Read = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** What was typed, as the value that it is meant to be; or why it is none. */
export function readValue({ kind, text }: DraftValue): Read {
  switch (kind) {
    case "none":
      return { ok: true, value: null };
    case "text":
      return { ok: true, value: text };
    case "boolean":
      return { ok: true, value: text === "true" };
    case "number": {
      const number = Number(text.trim());
      return text.trim() !== "" && Number.isFinite(number)
        ? { ok: true, value: number }
        : { ok: false, message: "Write a number such as 12 or 0.5" };
    }
    case "json":
      return parsed(text);
  }
}

function parsed(text: string): Read {
  try {
    return { ok: true, value: JSON.parse(text) as Value };
  } catch {
    return { ok: false, message: 'Write JSON such as ["a", "b"] or {"name": "x"}' };
  }
}

/** The first thing that is wrong with each value, by its name. */
export const faultsOf = (drafts: readonly DraftValue[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    drafts.flatMap((draft): [string, string][] => {
      const read = readValue(draft);
      return read.ok ? [] : [[draft.name, read.message]];
    }),
  );

/** Those that have a value, by name. */
export const givenValues = (drafts: readonly DraftValue[]): Record<string, Value> =>
  Object.fromEntries(
    drafts.flatMap((draft): [string, Value][] => {
      const read = readValue(draft);
      return read.ok && draft.kind !== "none" ? [[draft.name, read.value]] : [];
    }),
  );

/** Those that are another value now than they were, by name. */
export const changedValues = (drafts: readonly DraftValue[], former: readonly EditableValue[]): Record<string, Value> =>
  Object.fromEntries(
    drafts.flatMap((draft): [string, Value][] => {
      const read = readValue(draft);
      const before = former.find(({ name }) => name === draft.name)?.value ?? null;
      return read.ok && JSON.stringify(read.value) !== JSON.stringify(before) ? [[draft.name, read.value]] : [];
    }),
  );
