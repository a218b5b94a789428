"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { atField } from "@/components/ui/at-field";
import { useAct } from "@/components/ui/use-act";
import { sameValue } from "@/lib/logic/compare";
import type { Value } from "@/lib/logic/value";
import { createRecord, updateRecord } from "@/lib/records/actions";
import type { ShownRecord } from "@/lib/records/loaders";
import type { ObjectShape } from "@/lib/records/schema/object";
import { useLeaveGuard } from "./use-leave-guard";

type Typed = Readonly<Record<string, Value>>;
export type RecordFormProps = {
  readonly object: ObjectShape;
  /** Null: a new record. */
  readonly record: ShownRecord | null;
  readonly owner: { readonly value: string; readonly label: string };
  readonly mayTransfer: boolean;
};
export type Refused = { readonly code: string; readonly message: string };

const blankAsNull = (value: Value | undefined): Value => (value === "" || value === undefined ? null : value);

/** What a form holds is text, number, tick or nothing. */
const sendable = (values: Typed): Record<string, string | number | boolean | null> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value !== null && typeof value === "object" ? null : value]),
  );

/** What the form shows before anything is typed, by field; Name and Owner among them. */
const startOf = ({ object, record, owner }: RecordFormProps): Typed => ({
  ...Object.fromEntries(
    object.fields.map((field) => [field.name, (record ? record.values[field.name] : field.defaultValue) ?? null]),
  ),
  Name: record?.name ?? "",
  Owner: owner.value,
});

/**
 * What is typed into a record's form, and its saving. Only what was typed is kept here and sent; everything else follows the record as it
 * is, so that somebody else's change to another field is neither lost nor in the way.
 */
export function useRecordDraft(props: RecordFormProps) {
  const { object, record } = props;
  const router = useRouter();
  const [typed, setTyped] = useState<Typed>({});
  const [seen] = useState(() => startOf(props));
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const start = startOf(props);
  const changed = Object.fromEntries(
    Object.entries(typed).filter(([name, value]) => !sameValue(blankAsNull(value), blankAsNull(start[name]))),
  );
  const isDirty = Object.keys(changed).length > 0;

  const onDone = ({ id }: { id: string }) => {
    setTyped({});
    router.push(`/records/${object.name}/${id}`);
    router.refresh();
  };
  const onRefused = (told: Refused & { problems: readonly unknown[] }) => {
    setRefusal(told.problems.length > 0 ? null : told);
    if (told.code === "record-changed") router.refresh();
  };
  const create = useAct(createRecord, { onDone, onRefused, success: `${object.label} created` });
  const update = useAct(updateRecord, { onDone, onRefused, success: "Saved" });
  const act = record ? update : create;
  const problems = act.problems.map(atField);
  useLeaveGuard(isDirty && !act.isPending);

  const save = (event: FormEvent) => {
    event.preventDefault();
    // What was told about the last try goes, so that the same told again comes into view again.
    setRefusal(null);
    act.forget();
    const about = { object: object.name };
    if (!record) return void create.run({ ...about, values: sendable({ ...start, ...typed }) });
    if (!isDirty) return router.push(`/records/${object.name}/${record.id}`);
    void update.run({ ...about, id: record.id, values: sendable(changed), expectedVersion: record.version });
  };
  const type = (name: string, value: Value) => setTyped((before) => ({ ...before, [name]: value }));
  const field = (name: string) => ({
    value: (Object.hasOwn(typed, name) ? typed[name] : start[name]) ?? null,
    error: problems.find(({ path }) => path === name)?.message ?? null,
    /** Its value now, where somebody else changed it since the form was opened and saving would overwrite that; else undefined. */
    meanwhile:
      Object.hasOwn(changed, name) && !sameValue(blankAsNull(seen[name]), blankAsNull(start[name]))
        ? start[name]
        : undefined,
  });
  return { save, type, field, problems, refusal, isDirty, isPending: act.isPending };
}
