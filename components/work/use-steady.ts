"use client";

import { useState } from "react";
import { type Row, rowId } from "./use-work-list";

/**
 * Keeps a list from jumping under the pointer: while it is over the list, rows stay where they are (their texts still change), and
 * what is new waits behind a pill. `isHeld` says whether to hold.
 */
export function useSteady(rows: readonly Row[], isHeld: boolean) {
  const [kept, setKept] = useState<readonly string[] | null>(null);
  const now = new Map(rows.map((row) => [rowId(row), row]));
  if (isHeld && kept === null) setKept([...now.keys()]);
  if (!isHeld && kept !== null) setKept(null);
  const shown = kept === null ? rows : kept.flatMap((id) => now.get(id) ?? []);
  const waiting = rows.length - shown.length;
  return { shown, waiting, release: () => setKept([...now.keys()]) };
}
