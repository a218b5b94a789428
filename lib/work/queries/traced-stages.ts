import type { ApprovalStep, Orchestration } from "../../engine/definition";
import { outcomeStored, outcomesOf } from "../../engine/outcomes";
import { hasDecided } from "../../engine/part-in-step";
import type { RunState, StepRun, WorkItem } from "../../engine/state";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import type { SealedFile } from "../../records/schema/sealed-file";
import { submissionOf } from "../../runs/may-ask";
import type { TracedItem, TracedStage } from "../schema/trace";

type Look = {
  readonly person: Person;
  readonly nameOf: (id: string) => string;
  /** Whether they may know what conditions saw. */
  readonly seesProofs: boolean;
  /** What was attached when an item was decided. */
  readonly filesSeen: (workItemId: string) => readonly SealedFile[];
  /** The fingerprint of what lies beside an item here, for whoever steers it. */
  readonly shownAs: (item: WorkItem) => string | undefined;
};
type ItemLook = Look & {
  readonly of: ApprovalStep;
  readonly asksPassword: boolean;
  readonly steers: boolean;
  readonly mayOverride: boolean;
};

/** The stages that were entered, each with its approval steps that began and their items. */
export function tracedStages(state: RunState, definition: Orchestration, look: Look): TracedStage[] {
  const asksPassword = definition.approval?.asksPassword ?? false;
  const steers = may(look.person, "approval.steer", submissionOf({ definition, state }));
  const mayOverride = may(look.person, "approval.override") && !hasDecided(state, look.person.userId);
  return state.stages.flatMap((stage) => {
    const defined = definition.elements.find(({ type, name }) => type === "stage" && name === stage.name);
    if (defined?.type !== "stage") return [];
    const steps = state.steps.filter(
      ({ stageRunId, kind, status }) => stageRunId === stage.id && kind === "approval" && status !== "not_started",
    );
    const traced = steps.flatMap((step) => {
      const of = defined.steps.find(({ name }) => name === step.name);
      return of?.kind === "approval"
        ? [tracedStep(state, step, { ...look, of, asksPassword, steers, mayOverride })]
        : [];
    });
    const { id: key, round, status } = stage;
    return traced.length > 0 ? [{ key, label: defined.label, round, status, steps: traced }] : [];
  });
}

function tracedStep(state: RunState, step: StepRun, look: ItemLook): TracedStage["steps"][number] {
  const items = state.items.filter(({ stepRunId }) => stepRunId === step.id);
  const tree = (parentId: string | null): TracedItem[] =>
    items
      .filter((item) => item.parentId === parentId)
      .map((item) => tracedItem(item, tree(item.id), { ...look, items }));
  return {
    ...{ key: step.id, label: look.of.label, status: step.status, decidedBy: step.decidedBy },
    skipReason: step.skipReason,
    proof: look.seesProofs ? step.entryProof : null,
    items: tree(null),
  };
}

/** A vote that was taken out of its group's, which went on without it. */
export function hasLeft({ kind, completionKind, parentId }: WorkItem, items: readonly WorkItem[]): boolean {
  const group = items.find(({ id, voting }) => voting && id === parentId);
  const isGone = kind === "approval" && completionKind === "withdrawn";
  return isGone && group !== undefined && (group.status === "assigned" || group.completionKind === "done");
}

function tracedItem(
  item: WorkItem,
  children: TracedItem[],
  { items, of, asksPassword, steers, ...look }: ItemLook & { readonly items: readonly WorkItem[] },
): TracedItem {
  const { person, nameOf, filesSeen, shownAs } = look;
  const { kind, status, outcome, completedBy, onBehalfOf, assignee } = item;
  const isOpen = kind === "approval" && status === "assigned" && steers;
  const mayOverride = isOpen && look.mayOverride;
  const mayAddApprover = isOpen && item.parentId === null && may(person, "approval.add-approver");
  return {
    ...{ workItemId: item.id, kind, status, completionKind: item.completionKind, prompt: item.prompt },
    hasLeft: hasLeft(item, items),
    ...{ decidedAs: item.decidedAs, comments: item.comments, assignedAt: item.assignedAt, closedAt: item.closedAt },
    assignee: { type: assignee.type, name: nameOf(assignee.id) },
    files: filesSeen(item.id),
    said: outcome === null ? null : (outcomeStored(of, outcome)?.label ?? outcome),
    byName: completedBy === null ? null : nameOf(completedBy),
    onBehalfOfName: onBehalfOf === null ? null : nameOf(onBehalfOf),
    steer:
      mayOverride || mayAddApprover
        ? { mayAsk: false, mayOverride, mayAddApprover, outcomes: outcomesOf(of), asksPassword, shownAs: shownAs(item) }
        : null,
    children,
  };
}
