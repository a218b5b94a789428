"use client";

import { Anchor } from "@mantine/core";
import { Link } from "@/components/ui/link";

/** The way back to the list of groups or queues. */
export function PlaceBack({ kind }: { kind: "group" | "queue" }) {
  return (
    <Anchor component={Link} href={`/admin/${kind}s`} fz="sm">
      {kind === "group" ? "Groups" : "Queues"}
    </Anchor>
  );
}
