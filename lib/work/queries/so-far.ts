import type { Orchestration } from "../../engine/definition";
import type { RunState, WorkItem } from "../../engine/state";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import { subjectOf } from "../../runs/may-ask";
import type { SoFar, TracedItem, TracedStage } from "../schema/trace";
import type { Sealed } from "./sealed-before";
import { tracedStages } from "./traced-stages";

type At = {
  readonly person: Person;
  readonly held: { readonly state: RunState };
  readonly definition: Orchestration;
  readonly item: WorkItem;
};

/**
 * Who said what in the submission that an item belongs to, for whoever may see that item, from what was read with it. Null outside
 * approvals, and for whoever was only asked a question.
 */
export function soFar(
  { person, held: { state }, definition, item }: At,
  { sealed, nameOf }: { readonly sealed: readonly Sealed[]; readonly nameOf: (id: string) => string },
): SoFar | null {
  const { submission } = state;
  if (!submission || !knows(person, state, item)) return null;
  const { submittedBy, submittedAt, comments } = submission;
  const stages = tracedStages(state, definition, {
    person,
    nameOf,
    seesProofs: false,
    filesSeen: (id) => sealed.find(({ workItemId }) => workItemId === id)?.saw.filesShown ?? [],
    shownAs: () => undefined,
  });
  return { submittedByName: nameOf(submittedBy), submittedAt, comments, stages: stages.map(toRead) };
}

/** What can be done about an item is offered with the item, and not once more in its history. */
const toRead = (stage: TracedStage): TracedStage => ({
  ...stage,
  steps: stage.steps.map((step) => ({ ...step, items: step.items.map(withoutSteer) })),
});
const withoutSteer = (item: TracedItem): TracedItem => ({
  ...item,
  steer: null,
  children: item.children.map(withoutSteer),
});

const knows = (person: Person, state: RunState, item: WorkItem): boolean =>
  [item, ...state.items].some((one) => {
    if (one.kind === "question") return false;
    return one === item || may(person, "item.read", subjectOf(state, one));
  });
