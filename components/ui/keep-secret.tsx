"use client";

import { Alert, Button, Code, CopyButton, Group, Stack } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";

type Props = {
  readonly secret: string;
  /** How it is used. */
  readonly children: ReactNode;
  readonly onDone: () => void;
};

/** A secret that is shown this once, to be copied. */
export function KeepSecret({ secret, children, onDone }: Props) {
  return (
    <Stack gap="md">
      <Alert color="orange" variant="light">
        It is shown this once. Keep it where passwords are kept.
      </Alert>
      <Block>{secret}</Block>
      {children}
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>I have kept it</Button>
      </Group>
    </Stack>
  );
}

/** Something to be copied letter by letter, broken where it must be. */
export function Block({ children }: { children: ReactNode }) {
  return (
    <Code block my={6} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
      {children}
    </Code>
  );
}
