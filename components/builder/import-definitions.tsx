"use client";

import { Button, Checkbox, FileButton, Group, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { placeOf } from "@/lib/check/places-of";
import { importDefinitions } from "@/lib/definitions/actions";
import { goTo, JsonEditor } from "./json-editor";
import { ProblemList } from "./problem-list";
import { useCheckedText } from "./use-checked-text";

const NOTHING = { problems: [], warnings: [] };

/** Takes a file or pasted JSON: one definition or an array of them, all or nothing. */
export function ImportDefinitions() {
  const router = useRouter();
  const area = useRef<HTMLTextAreaElement>(null);
  const [isActive, setActive] = useState(true);
  const [refused, setRefused] = useState<string | null>(null);
  const checked = useCheckedText("", NOTHING);
  const act = useAct(importDefinitions, {
    success: ({ saved, activated }) =>
      `${saved.length === 1 ? "1 definition" : `${saved.length} definitions`} imported${activated ? " and active" : " as drafts"}`,
    onDone: ({ saved }) =>
      router.push(saved.length === 1 && saved[0] ? `/definitions/${saved[0].name}` : "/definitions"),
    onRefused: ({ message }) => setRefused(message),
  });
  const { text, places, isBroken } = checked;
  const isEmpty = text.trim() === "";
  const change = (next: string) => {
    checked.change(next);
    setRefused(null);
    act.forget();
  };
  const problems = isBroken && !isEmpty ? (checked.findings?.problems ?? []) : act.problems;
  const marks = new Map(problems.map(({ path }) => [placeOf(path, places)?.line ?? 1, "problem" as const]));
  const send = () => void act.run({ text, activate: isActive });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Stack gap="md">
        <Group justify="space-between">
          <FileButton accept="application/json,.json" onChange={(file) => void file?.text().then(change)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <Text fz="sm" c="dimmed">
            or paste it below: one definition, or an array of them
          </Text>
        </Group>
        <JsonEditor
          label="JSON to import"
          value={text}
          onChange={change}
          onSave={send}
          marks={marks}
          area={area}
          isShort
        />
        {refused && (
          <Text fz="sm" role="alert">
            {refused}
          </Text>
        )}
        <ProblemList kind="problem" problems={problems} places={places} onGo={(place) => goTo(area.current, place)} />
        <Checkbox
          label="Activate them, flows first"
          description="Without it they are saved as drafts."
          checked={isActive}
          onChange={(event) => setActive(event.currentTarget.checked)}
        />
        <Group gap="sm">
          <SubmitButton isPending={act.isPending} disabled={isEmpty || isBroken}>
            Import
          </SubmitButton>
        </Group>
      </Stack>
    </form>
  );
}
