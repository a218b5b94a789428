"use client";

import { Anchor } from "@mantine/core";
import { Fragment, useSyncExternalStore } from "react";

const ADDRESS = /(https?:\/\/[^\s<>"]+)/;

/** A mail's text with the addresses of this installation made clickable, and no others. */
export function LinkedText({ text }: { text: string }) {
  const origin = useSyncExternalStore(
    () => () => undefined,
    () => window.location.origin,
    () => null,
  );
  return text.split(ADDRESS).map((part, index) => {
    const key = `${index} ${part}`;
    const isOurs = origin !== null && URL.canParse(part) && new URL(part).origin === origin;
    return isOurs ? (
      <Anchor key={key} href={part} target="_blank" fz="inherit">
        {part}
      </Anchor>
    ) : (
      <Fragment key={key}>{part}</Fragment>
    );
  });
}
