"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { suggestName } from "@/components/ui/suggest-name";
import { useAct } from "@/components/ui/use-act";
import { createField, updateField } from "@/lib/records/actions";
import { changeableOf, type FieldShape, type ObjectShape } from "@/lib/records/schema/object";
import { sendableOptions } from "./field-options";

const EMPTY: FieldShape = {
  name: "",
  label: "",
  type: "text",
  required: false,
  defaultValue: null,
  help: "",
  options: {},
  position: 0,
};

type About = { readonly object: ObjectShape; readonly field: FieldShape | null; readonly onSaved: () => void };

const defaultOf = ({ defaultValue }: FieldShape): string | number | boolean | null =>
  defaultValue === "" || typeof defaultValue === "object" ? null : defaultValue;

const earlierOf = (field: FieldShape) => {
  const { options, ...rest } = changeableOf(field);
  return { ...rest, defaultValue: defaultOf(field), options: { ...options } };
};

/** A field while an admin writes it, and its saving. A new one's API name follows its label until it is typed by hand. */
export function useFieldDraft({ object, field, onSaved }: About) {
  const router = useRouter();
  const [draft, setDraft] = useState<FieldShape>(field ?? EMPTY);
  const onDone = () => {
    onSaved();
    router.refresh();
  };
  const create = useAct(createField, { onDone, success: "Field added" });
  const update = useAct(updateField, { onDone, success: "Saved" });
  const act = field ? update : create;
  const patch = (more: Partial<FieldShape>) => setDraft((before) => ({ ...before, ...more }));
  const relabel = (label: string) => {
    const isSuggested = !field && (draft.name === "" || draft.name === suggestName(draft.label));
    patch({ label, ...(isSuggested ? { name: suggestName(label) } : {}) });
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const { name, label, type, required, help } = draft;
    const options = sendableOptions(draft.options);
    const given = { object: object.name, name, label, required, help, defaultValue: defaultOf(draft), options };
    if (field) void update.run({ ...given, was: earlierOf(field) });
    else void create.run({ ...given, type });
  };
  const error = (path: string): string | null => act.errors[path] ?? null;
  return { draft, patch, relabel, save, error, problems: act.problems, isPending: act.isPending };
}
