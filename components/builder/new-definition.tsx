"use client";

import { Button, Card, Group, Radio, Stack, TextInput } from "@mantine/core";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createDefinition } from "@/lib/definitions/actions";
import { DEFINITION_TYPES, type DefinitionType } from "@/lib/definitions/schema";
import { TYPE_WORDS } from "./words";

const MEANINGS: Readonly<Record<DefinitionType, string>> = {
  orchestrator: "Stages of steps for people, groups, queues and background flows",
  approval: "Stages of approvals, asked for on a record",
  screen: "What one person fills in, screen by screen",
  autolaunched: "What a background step does by itself",
  evaluation: "Answers whether a step or stage may start or end",
};

/** "Employee onboarding" becomes Employee_Onboarding, until the author writes another. */
const nameOf = (label: string): string =>
  label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("_")
    .replace(/^\d+_?/, "")
    .slice(0, 80);

export function NewDefinition() {
  const router = useRouter();
  const [type, setType] = useState<DefinitionType>("orchestrator");
  const [label, setLabel] = useState("");
  const [name, setName] = useState<string | null>(null);
  const create = useAct(createDefinition, { onDone: (made) => router.push(`/definitions/${made.name}?view=json`) });
  const shownName = name ?? nameOf(label);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void create.run({ type, name: shownName, label });
      }}
    >
      <Stack gap="lg" maw={640}>
        <Card padding="lg">
          <Stack gap="md">
            <Radio.Group
              label="What it is"
              description="This cannot change once a version was active."
              value={type}
              onChange={(value) => setType(value as DefinitionType)}
            >
              <Stack gap="xs" mt="xs">
                {DEFINITION_TYPES.map((value) => (
                  <Radio key={value} value={value} label={TYPE_WORDS[value]} description={MEANINGS[value]} />
                ))}
              </Stack>
            </Radio.Group>
            <TextInput
              label="Label"
              required
              data-autofocus
              value={label}
              error={create.errors.label}
              onChange={(event) => setLabel(event.currentTarget.value)}
            />
            <TextInput
              label="API name"
              description="How others call it. It never changes."
              required
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
              value={shownName}
              error={create.errors.name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </Stack>
        </Card>
        <Group gap="sm">
          <SubmitButton isPending={create.isPending}>Create draft</SubmitButton>
          <Button component={Link} href="/definitions" variant="default">
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
