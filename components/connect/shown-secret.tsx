"use client";

import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

export type SourceSecret = { readonly name: string; readonly secret: string };

/** A source's secret, this once, and how an event is sent. */
export function ShownSecret({
  made: { name, secret },
  address,
  onDone,
}: {
  made: SourceSecret;
  address: string;
  onDone: () => void;
}) {
  return (
    <Stack gap="md">
      <Alert color="orange" variant="light">
        It is shown this once. Keep it where passwords are kept.
      </Alert>
      <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {secret}
      </Code>
      <Text fz="sm" component="div">
        Events are posted to
        <Code block my={6} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {address}
          {name}
        </Code>
        with the header
        <Code block my={6} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          Baton-Signature: t=seconds,n=number,v1=hex
        </Code>
        where <Code>v1</Code> is the HMAC-SHA-256 of <Code>seconds.number.body</Code> with the secret. The number is one
        of your own for each event; an event sent again with its number is not taken twice.
      </Text>
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
