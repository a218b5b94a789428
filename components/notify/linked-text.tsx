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
  const isOurs = (part: string) => origin !== null && URL.canParse(part) && new URL(part).origin === origin;
  // The text of a mail never changes, so the place of a part names it.
  const parts = text.split(ADDRESS).map((part, number) => ({ part, number }));
  return parts.map(({ part, number }) =>
    isOurs(part) ? (
      <Anchor key={number} href={part} target="_blank" fz="inherit">
        {part}
      </Anchor>
    ) : (
      <Fragment key={number}>{part}</Fragment>
    ),
  );
}
