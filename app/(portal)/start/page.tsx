import { Card, Group, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { StartButton } from "@/components/runs/start-button";
import { Empty } from "@/components/ui/empty";
import { TextLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { startableAnywhere } from "@/lib/runs/loaders";

export const metadata: Metadata = { title: "Start a process" };

/** What can be started without a record; what is about a record is started from its page. */
export default async function StartPage() {
  const startable = await startableAnywhere();
  return (
    <Page
      title="Start a process"
      description="What begins without a record. A process about a record starts on its page."
    >
      {startable.length === 0 ? (
        <Empty
          title="Nothing starts without a record yet"
          text="Every active process here is about a record. Open one, or make a new one: its page offers what can be started."
          action={
            <TextLink href="/records" fz="sm">
              Go to the records
            </TextLink>
          }
        />
      ) : (
        <Stack gap="sm">
          {startable.map((one) => (
            <Card key={one.definitionId} withBorder padding="md">
              <Group justify="space-between" align="flex-start" gap="md">
                <Stack gap={2} flex="1 1 240px" miw={0}>
                  <Title order={2} fz="md">
                    {one.label}
                  </Title>
                  {one.description && (
                    <Text fz="sm" c="dimmed">
                      {one.description}
                    </Text>
                  )}
                </Stack>
                <StartButton startable={one} recordId={null} />
              </Group>
            </Card>
          ))}
        </Stack>
      )}
    </Page>
  );
}
