"use client";

import { Button, Group, Stack, Title } from "@mantine/core";
import { useState } from "react";
import type { ApprovalDetail } from "@/lib/work/schema";
import { AheadLine } from "./ahead-line";
import classes from "./what-next.module.css";

type Props = {
  readonly workItemId: string;
  readonly outcomes: ApprovalDetail["outcomes"];
  /** Only where nothing can be pointed at. */
  readonly forThumbs?: boolean;
};

/** What would come of each outcome, asked without choosing it: in a form of the author's, whose buttons cannot say so, and on a phone. */
export function WhatNext({ workItemId, outcomes, forThumbs }: Props) {
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <Stack gap={6} component="section" aria-label="What happens next" {...(forThumbs && { className: classes.thumb })}>
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
