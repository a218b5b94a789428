"use client";

import { Button, Group } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Empty } from "@/components/ui/empty";

/** A fault. The digest is what the server's log calls it; nothing else of it is told. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const code = error.digest ? ` If it stays, give your admin the code ${error.digest}.` : "";
  return (
    <Empty
      icon={<IconAlertTriangle size={24} stroke={1.5} />}
      order={1}
      title="This page could not be shown"
      text={`Something went wrong on our side; nothing was changed by it.${code}`}
      action={
        <Group gap="xs" mt="xs">
          <Button onClick={reset}>Try again</Button>
          <Button component="a" href="/work" variant="default">
            Go to My work
          </Button>
        </Group>
      }
    />
  );
}
