"use client";

import { useRouter } from "next/navigation";
import { useKeys } from "@/components/ui/use-keys";
import type { NavGroup } from "./navigation";

/** `G` then a letter. A key goes only where the rail of this person leads. */
const PLACES: Readonly<Record<string, string>> = {
  "g i": "/work?view=now",
  "g w": "/work?view=waiting",
  "g g": "/work?view=groups",
  "g m": "/approvals",
  "g r": "/work?view=requests",
  "g d": "/work?view=done",
  "g o": "/records",
  "g p": "/runs",
  "g a": "/items",
};

export function useShellKeys({
  groups,
  onToggle,
  onHelp,
}: {
  groups: readonly NavGroup[];
  onToggle: () => void;
  onHelp: () => void;
}): void {
  const router = useRouter();
  const offered = new Set(groups.flatMap(({ links }) => links.map(({ href }) => href)));
  const places = Object.entries(PLACES).filter(([, href]) => href === "/records" || offered.has(href));
  useKeys({
    ...Object.fromEntries(places.map(([keys, href]) => [keys, () => router.push(href)])),
    "[": onToggle,
    "?": onHelp,
  });
}
