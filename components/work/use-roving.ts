"use client";

import { type KeyboardEvent, useRef, useState } from "react";

/**
 * Moves through a listbox by keys with one tab stop (roving focus). Rows are told apart by id; when the row that has it goes, its
 * place in the list stays.
 */
export function useRoving(ids: readonly string[], open: (id: string) => void) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ id: string; index: number } | null>(null);
  const found = at ? ids.indexOf(at.id) : -1;
  const index = found >= 0 ? found : Math.min(at?.index ?? 0, Math.max(0, ids.length - 1));
  const current = ids[index] ?? null;

  const focus = (next: number) => {
    const bounded = Math.max(0, Math.min(ids.length - 1, next));
    const id = ids[bounded];
    if (id === undefined) return;
    setAt({ id, index: bounded });
    const row = box.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  /** That very row, wherever it is by now. */
  const focusOn = (id: string) => {
    const row = box.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  const step = (by: 1 | -1) => focus(box.current?.contains(document.activeElement) ? index + by : index);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (to !== undefined) focus(to);
    else if ((event.key === "Enter" || event.key === " ") && current) open(current);
    else return;
    event.preventDefault();
  };
  return {
    box,
    current,
    index,
    focus,
    focusOn,
    step,
    onKeyDown,
    mark: (id: string) => setAt({ id, index: ids.indexOf(id) }),
  };
}
