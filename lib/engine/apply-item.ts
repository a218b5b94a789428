import type { Event } from "./event";
import type { WorkItem } from "./state";

type Of<T extends Event["type"]> = Extract<Event, { type: T }>;

/** An item as its first event leaves it. Old histories say less: what they leave out is as it was before there was such a thing. */
export const newItem = (event: Of<"work-item-created">, at: string): WorkItem => ({
  id: event.workItemId,
  stepRunId: event.stepRunId,
  parentId: event.parentId ?? null,
  kind: event.kind,
  voting: event.voting ?? false,
  status: "assigned",
  label: event.label,
  assignee: event.assignee,
  assignmentNo: 1,
  assignedAt: event.madeAt ?? at,
  claimedBy: null,
  record: event.record,
  createdAt: event.madeAt ?? at,
  closedAt: null,
  completionKind: null,
  completedBy: null,
  onBehalfOf: null,
  outcome: null,
  comments: null,
  flag: event.flag,
  decidedAs: null,
  prompt: event.prompt ?? null,
  dueAt: event.dueAt ?? null,
  ladder: 0,
  byHand: event.reason !== undefined,
});

type ItemEvent = Exclude<
  Extract<Event, { type: `work-item-${string}` }>,
  Of<"work-item-created" | "work-item-overridden">
>;

export function itemAfter(event: ItemEvent, at: string): Partial<WorkItem> {
  switch (event.type) {
    case "work-item-reassigned": {
      const { to: assignee, assignmentNo, flag, byHand = false } = event;
      return { assignee, assignmentNo, flag, byHand, assignedAt: at, claimedBy: null };
    }
    case "work-item-claimed":
      return { claimedBy: event.by };
    case "work-item-released":
      return { claimedBy: null };
    case "work-item-flagged":
      return { flag: event.flag };
    case "work-item-completed": {
      const { completionKind, completedBy, onBehalfOf, outcome, comments, decidedAs = null } = event;
      const done = { completionKind, completedBy, onBehalfOf, outcome, comments, decidedAs };
      return { status: "completed", closedAt: event.doneAt ?? at, ...done };
    }
    case "work-item-reminded":
    case "work-item-escalated":
      return { ladder: event.ladder };
  }
}
