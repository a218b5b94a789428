import type { RunState } from "./state";

/**
 * By id who submitted what the run decides on: whoever asked for it, and whoever sent it again after it was sent back, be it in that one's
 * place; until an instant, or until now. In a debug run, where one person plays everybody, only whoever asked.
 */
export function submittersOf({ run, items, submission }: RunState, until: string | null = null): readonly string[] {
  if (!submission) return [];
  const sent = items.filter(
    ({ kind, completionKind, closedAt }) =>
      kind === "revision" && completionKind === "done" && (until === null || (closedAt ?? "") < until),
  );
  const again = run.debug ? [] : sent.flatMap(({ completedBy }) => completedBy ?? []);
  return [...new Set([submission.submittedBy, ...again])];
}
