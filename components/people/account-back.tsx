"use client";

import { Anchor } from "@mantine/core";
import { Link } from "@/components/ui/link";

/** The way back to one's account. */
export function AccountBack() {
  return (
    <Anchor component={Link} href="/account" fz="sm">
      Account
    </Anchor>
  );
}
