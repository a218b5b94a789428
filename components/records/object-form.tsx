"use client";

import { Group, Radio, SimpleGrid, Stack, Text, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { confirm } from "@/components/ui/confirm";
import { ErrorSummary } from "@/components/ui/error-summary";
import { SubmitButton } from "@/components/ui/submit-button";
import { suggestName } from "@/components/ui/suggest-name";
import { useAct } from "@/components/ui/use-act";
import { changeObject, createObject } from "@/lib/records/actions";
import { OBJECT_ICONS, type ObjectInput, type ObjectShape, type OthersMay } from "@/lib/records/schema/object";
import classes from "./object-form.module.css";
import { pictureOf } from "./object-icon";

const OTHERS: readonly { value: OthersMay; label: string; help: string }[] = [
  {
    value: "none",
    label: "Nothing",
    help: "Only the owner, managers, admins, and whoever has open work on a record see it.",
  },
  { value: "read", label: "Read", help: "Everybody signed in sees every record; the owner changes it." },
  { value: "edit", label: "Read and edit", help: "Everybody signed in sees and changes every record." },
];
const RANK: Readonly<Record<OthersMay, number>> = { none: 0, read: 1, edit: 2 };

type Draft = ObjectInput;
const EMPTY: Draft = { name: "", label: "", pluralLabel: "", nameLabel: "Name", icon: "file", othersMay: "none" };

const draftOf = ({ name, label, pluralLabel, nameLabel, icon, othersMay }: ObjectShape): Draft => ({
  name,
  label,
  pluralLabel,
  nameLabel,
  othersMay,
  icon: OBJECT_ICONS.find((one) => one === icon) ?? "file",
});

/** Makes an object, or changes all of one but its API name. */
export function ObjectForm({ object, onSaved }: { object: ObjectShape | null; onSaved?: () => void }) {
  const router = useRouter();
  const [draft, setDraft] = useState<Draft>(() => (object ? draftOf(object) : EMPTY));
  const [was, setWas] = useState(draft);
  const onDone = ({ name }: { name: string }) => {
    onSaved?.();
    setWas(draft);
    if (object) router.refresh();
    else router.push(`/admin/objects/${name}`);
  };
  const create = useAct(createObject, { onDone, success: "Object created" });
  const change = useAct(changeObject, { onDone, success: "Saved" });
  const act = object ? change : create;
  const patch = (more: Partial<Draft>) => setDraft((before) => ({ ...before, ...more }));
  const relabel = (label: string) => {
    const wasSuggested = !object && (draft.name === "" || draft.name === suggestName(draft.label));
    const wasPlural = !object && (draft.pluralLabel === "" || draft.pluralLabel === `${draft.label}s`);
    patch({
      label,
      ...(wasSuggested ? { name: suggestName(label) } : {}),
      ...(wasPlural ? { pluralLabel: label && `${label}s` } : {}),
    });
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (object && RANK[draft.othersMay] > RANK[object.othersMay]) {
      const isSure = await confirm({
        title: `Open all ${object.pluralLabel.toLowerCase()}?`,
        text: `Everybody who is signed in will at once be able to ${draft.othersMay === "edit" ? "see and change" : "see"} every ${object.label.toLowerCase()}, also those that exist already. What somebody has seen cannot be taken back.`,
        action: "Open them",
      });
      if (!isSure) return;
    }
    const { name, ...earlier } = was;
    await (object ? change.run({ ...draft, name, was: earlier }) : create.run(draft));
  };
  return (
    <form
      onSubmit={(event) => void save(event)}
      noValidate
      aria-label={object ? `Settings of ${object.label}` : "New object"}
    >
      <Stack gap="md">
        <ErrorSummary
          problems={act.problems}
          idOf={(path) => `object-${path}`}
          labelOf={(path) => LABELS[path] ?? null}
        />
        <ObjectNames draft={draft} isNew={!object} errors={act.errors} onLabel={relabel} onChange={patch} />
        <IconPicker value={draft.icon} onChange={(icon) => patch({ icon })} />
        <OthersMayChoice value={draft.othersMay} onChange={(othersMay) => patch({ othersMay })} />
        <Group>
          <SubmitButton isPending={act.isPending}>{object ? "Save settings" : "Create object"}</SubmitButton>
        </Group>
      </Stack>
    </form>
  );
}

const LABELS: Readonly<Record<string, string>> = {
  label: "Label",
  pluralLabel: "Plural label",
  nameLabel: "Label of the name",
  name: "API name",
  icon: "Icon",
};

type NamesProps = {
  draft: Draft;
  isNew: boolean;
  errors: Readonly<Record<string, string>>;
  onLabel: (label: string) => void;
  onChange: (more: Partial<Draft>) => void;
};

function ObjectNames({ draft, isNew, errors, onLabel, onChange }: NamesProps) {
  const text = (name: "label" | "pluralLabel" | "nameLabel" | "name") => ({
    id: `object-${name}`,
    label: LABELS[name],
    value: draft[name],
    error: errors[name] ?? null,
    withAsterisk: true,
    autoComplete: "off",
  });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput
        {...text("label")}
        description="One of them"
        placeholder="Purchase request"
        data-autofocus
        onChange={(event) => onLabel(event.currentTarget.value)}
      />
      <TextInput
        {...text("pluralLabel")}
        description="Many of them"
        placeholder="Purchase requests"
        onChange={(event) => onChange({ pluralLabel: event.currentTarget.value })}
      />
      <TextInput
        {...text("nameLabel")}
        description="What its name is called"
        onChange={(event) => onChange({ nameLabel: event.currentTarget.value })}
      />
      <TextInput
        {...text("name")}
        description={isNew ? "Cannot be changed later" : "Fixed: definitions name it"}
        {...(isNew ? {} : { readOnly: true, variant: "filled" })}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}

function OthersMayChoice({ value, onChange }: { value: OthersMay; onChange: (value: OthersMay) => void }) {
  return (
    <Radio.Group
      label="What everybody but the owner may do"
      value={value}
      onChange={(next) => onChange(OTHERS.find((one) => one.value === next)?.value ?? "none")}
    >
      <Stack gap="xs" mt="xs">
        {OTHERS.map(({ value: one, label, help }) => (
          <Radio key={one} value={one} label={label} description={help} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function IconPicker({ value, onChange }: { value: Draft["icon"]; onChange: (icon: Draft["icon"]) => void }) {
  return (
    <Stack gap={6}>
      <Text fz="sm" fw={500} id="icon-label">
        Icon
      </Text>
      <Group gap={6} role="radiogroup" aria-labelledby="icon-label">
        {OBJECT_ICONS.map((name) => {
          const Picture = pictureOf(name);
          const label = name.replaceAll("-", " ");
          return (
            <Tooltip key={name} label={label}>
              <UnstyledButton
                role="radio"
                aria-checked={value === name}
                aria-label={label}
                className={classes.icon ?? ""}
                onClick={() => onChange(name)}
              >
                <Picture size={20} stroke={1.6} aria-hidden />
              </UnstyledButton>
            </Tooltip>
          );
        })}
      </Group>
    </Stack>
  );
}
