"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { IconAlignLeft, IconChecks, IconDeviceFloppy } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { useLeaveGuard } from "@/components/records/use-leave-guard";
import { useAct } from "@/components/ui/use-act";
import { placeOf } from "@/lib/check/places-of";
import { printDefinition } from "@/lib/check/print-definition";
import { checkDefinition, saveDraft } from "@/lib/definitions/actions";
import type { DefinitionPage } from "@/lib/definitions/schema";
import classes from "./definition-editor.module.css";
import { goTo, JsonEditor } from "./json-editor";
import { ProblemList } from "./problem-list";
import { useCheckedText } from "./use-checked-text";

/** The name that a text gives its definition, as far as it can be read. */
function nameIn(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === "object" && "name" in value && typeof value.name === "string" ? value.name : null;
  } catch {
    return null;
  }
}

/** A definition as text: format, check, save as draft. Each problem is listed with its line. */
export function DefinitionEditor({ page }: { page: DefinitionPage }) {
  const router = useRouter();
  const area = useRef<HTMLTextAreaElement>(null);
  const checked = useCheckedText(page.text, page);
  const { text, change, findings, places, isDirty, isBroken } = checked;
  const check = useAct(checkDefinition, { onDone: checked.setFindings });
  const save = useAct(saveDraft, {
    success: ({ version }) => `Saved as version ${version}, a draft`,
    onDone: ({ name, version }) => {
      checked.wasSaved();
      void check.run({ text });
      router.replace(`/definitions/${name}?version=${version}&view=json`, { scroll: false });
      router.refresh();
    },
  });
  useLeaveGuard(isDirty && !save.isPending);

  const doSave = () => {
    if (!isDirty || save.isPending || isBroken) return;
    void save.run({ text, base: nameIn(text) === page.name ? (page.versions[0]?.hash ?? null) : null });
  };
  const format = () => {
    if (isBroken) return;
    area.current?.focus();
    area.current?.select();
    document.execCommand("insertText", false, printDefinition(JSON.parse(text)));
    area.current?.setSelectionRange(0, 0);
  };
  const problems = [
    ...(findings?.problems ?? []),
    ...save.problems.filter(({ path }) => !(findings?.problems ?? []).some((known) => known.path === path)),
  ];
  const marks = new Map<number, "problem" | "warning">();
  for (const { path } of findings?.warnings ?? []) marks.set(placeOf(path, places)?.line ?? 1, "warning");
  for (const { path } of problems) marks.set(placeOf(path, places)?.line ?? 1, "problem");
  const onGo = (place: { line: number; offset: number }) => goTo(area.current, place);

  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Text fz="sm" c="dimmed" role="status">
          {statusText({ isDirty, isChecked: findings !== null, count: problems.length, shown: page.shown.version })}
        </Text>
        <Group gap="xs">
          <Button variant="default" leftSection={<IconAlignLeft size={16} />} disabled={isBroken} onClick={format}>
            Format
          </Button>
          <Button
            variant="default"
            leftSection={<IconChecks size={16} />}
            loading={check.isPending}
            onClick={() => void check.run({ text })}
          >
            Check
          </Button>
          {page.mayEdit && (
            <Button
              leftSection={<IconDeviceFloppy size={16} />}
              loading={save.isPending}
              disabled={!isDirty || isBroken}
              onClick={doSave}
            >
              Save draft
            </Button>
          )}
        </Group>
      </Group>
      <div className={classes.split}>
        <div className={classes.text}>
          <JsonEditor
            label={`JSON of ${page.label}`}
            value={text}
            onChange={change}
            onSave={doSave}
            marks={marks}
            area={area}
            isReadOnly={!page.mayEdit}
          />
        </div>
        {marks.size > 0 && (
          <Stack gap="sm" className={classes.findings}>
            <ProblemList kind="problem" problems={problems} places={places} onGo={onGo} />
            <ProblemList kind="warning" problems={findings?.warnings ?? []} places={places} onGo={onGo} />
          </Stack>
        )}
      </div>
    </Stack>
  );
}

function statusText({
  isDirty,
  isChecked,
  count,
  shown,
}: {
  isDirty: boolean;
  isChecked: boolean;
  count: number;
  shown: number;
}): string {
  const saved = isDirty ? "Not saved yet" : `Version ${shown}`;
  if (count > 0) return `${saved} · ${count === 1 ? "1 problem" : `${count} problems`}`;
  return isChecked ? `${saved} · no problems` : `${saved} · not checked since the last change`;
}
