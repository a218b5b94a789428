"use client";

import { Button, Group } from "@mantine/core";
import { usePathname, useSearchParams } from "next/navigation";
import { Link } from "@/components/ui/link";

/** Turns the pages of a list that is paged by key: on, and back to its beginning. */
export function TurnPage({ next, isFirst }: { next: string | null; isFirst: boolean }) {
  const path = usePathname();
  const params = useSearchParams();
  if (!next && isFirst) return null;
  const to = (cursor: string | null) => {
    const wanted = new URLSearchParams(params);
    if (cursor) wanted.set("cursor", cursor);
    else wanted.delete("cursor");
    return wanted.size > 0 ? `${path}?${wanted}` : path;
  };
  return (
    <Group component="nav" aria-label="Pages" justify="center" gap="sm">
      {!isFirst && (
        <Button component={Link} href={to(null)} variant="default" size="xs">
          To the beginning
        </Button>
      )}
      {next && (
        <Button component={Link} href={to(next)} variant="default" size="xs">
          Next page
        </Button>
      )}
    </Group>
  );
}
