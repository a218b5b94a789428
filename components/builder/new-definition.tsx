"use client";

import { Button, Card, Group, Radio, Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Link } from "@/components/ui/link";
import { NameFields, useNaming } from "@/components/ui/name-fields";
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

export function NewDefinition() {
  const router = useRouter();
  const [type, setType] = useState<DefinitionType>("orchestrator");
  const naming = useNaming();
  const create = useAct(createDefinition, { onDone: (made) => router.push(`/definitions/${made.name}?view=json`) });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void create.run({ type, name: naming.name, label: naming.label });
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
            <NameFields naming={naming} errors={create.errors} />
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
