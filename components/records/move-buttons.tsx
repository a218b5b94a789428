import { ActionIcon, Group } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** The list with one entry moved `by` places. */
export function moved<T>(rows: readonly T[], at: number, by: number): T[] {
  const next = [...rows];
  next.splice(at + by, 0, ...next.splice(at, 1));
  return next;
}

/** Moves one entry of an ordered list up or down; what else can be done with it stands behind. */
export function MoveButtons({
  label,
  at,
  count,
  onMove,
  children,
}: {
  label: string;
  at: number;
  count: number;
  onMove: (by: -1 | 1) => void;
  children?: ReactNode;
}) {
  const look = { variant: "subtle", color: "gray", size: "lg" } as const;
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <ActionIcon {...look} aria-label={`Move ${label} up`} disabled={at === 0} onClick={() => onMove(-1)}>
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon {...look} aria-label={`Move ${label} down`} disabled={at === count - 1} onClick={() => onMove(1)}>
        <IconArrowDown size={16} />
      </ActionIcon>
      {children}
    </Group>
  );
}
