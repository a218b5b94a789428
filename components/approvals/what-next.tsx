"use client";

import { Button, Group, Stack, Title } from "@mantine/core";
import { useState } from "react";
import type { ApprovalDetail } from "@/lib/work/schema";
import { AheadLine } from "./ahead-line";

type Props = { readonly workItemId: string; readonly outcomes: ApprovalDetail["outcomes"] };

/** What would come of each outcome, where the decision is made in a form of the author's: it has no buttons that could say so. */
export function WhatNext({ workItemId, outcomes }: Props) {
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <Stack gap={6} component="section" aria-label="What happens next">
      <Title order={3} fz="sm">
        What happens next
      </Title>
      <Group gap="xs">
        {outcomes.map(({ name, label }) => (
          <Button
            key={name}
            size="xs"
            variant={asked === name ? "light" : "default"}
            aria-pressed={asked === name}
            onClick={() => setAsked(name)}
          >
            With “{label}”
          </Button>
        ))}
      </Group>
      <AheadLine workItemId={workItemId} outcome={asked} />
    </Stack>
  );
}
