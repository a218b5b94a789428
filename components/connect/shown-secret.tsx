"use client";

import { Code, Text } from "@mantine/core";
import { Block, KeepSecret } from "@/components/ui/keep-secret";

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
    <KeepSecret secret={secret} onDone={onDone}>
      <Text fz="sm" component="div">
        Events are posted to
        <Block>
          {address}
          {name}
        </Block>
        with the header
        <Block>Baton-Signature: t=seconds,n=number,v1=hex</Block>
        where <Code>v1</Code> is the HMAC-SHA-256 of <Code>seconds.number.body</Code> with the secret. The number is one
        of your own for each event; an event sent again with its number is not taken twice.
      </Text>
    </KeepSecret>
  );
}
