import type { ItemFlag } from "@/lib/engine/state";

/** Why somebody must look at a work item: for a list, and in a sentence. */
export const ITEM_FLAGS: Readonly<Record<ItemFlag, { readonly short: string; readonly sentence: string }>> = {
  fallback: {
    short: "went to the fallback",
    sentence: "Went to the fallback assignee: the step's own could not be found.",
  },
  inactive_assignee: { short: "its assignee is inactive", sentence: "The assignee is inactive." },
  nobody_left: {
    short: "nobody left who could do it",
    sentence: "Nobody was left who could do it.",
  },
  not_escalated: {
    short: "overdue, and nobody to escalate to",
    sentence: "It is overdue, and there was nobody to whom it could be escalated.",
  },
  record_withheld: {
    short: "stands on another record than its step names",
    sentence: "Its step names a record that whoever gave it may not read, so it does not stand on that one.",
  },
  not_notified: { short: "nobody told by mail", sentence: "Nobody could be told by mail." },
};
