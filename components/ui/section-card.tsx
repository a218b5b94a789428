import { Card, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

type Props = {
  /** Also the heading's id. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
};

/** A part of a page, with what it is for and what may be done. */
export function SectionCard({ id, title, text, action, children }: Props) {
  return (
    <Card padding="lg" component="section" aria-labelledby={id}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start">
          <Stack gap={2} maw={560}>
            <Title order={2} id={id}>
              {title}
            </Title>
            <Text fz="sm" c="dimmed">
              {text}
            </Text>
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Card>
  );
}
