import { evaluate } from "../logic/evaluate";
import type { Condition, Proof } from "../logic/schema";
import type { StageDefinition, StepDefinition } from "./definition";
import { contextOf, lookupOf, type View } from "./lookup";
import { flowLabel, missing, type Why } from "./why";

/** What leads to a stage: a way in words, and the condition on it if there is one. */
type Way = { readonly words: string; readonly when: Condition | null };

function waysTo({ definition }: View, name: string): Way[] {
  const first: Way[] = definition.start.next === name ? [{ words: "the run begins", when: null }] : [];
  const others = definition.elements.flatMap((element): Way[] => {
    if (element.type === "stage") return waysOut(element, name);
    const taken = element.outcomes.filter(({ next }) => next === name);
    const ways = taken.map(({ label, when }): Way => ({ words: `“${element.label}” is decided as “${label}”`, when }));
    return element.defaultNext === name
      ? [...ways, { words: `“${element.label}” is decided as “${element.defaultLabel}”`, when: null }]
      : ways;
  });
  return [...first, ...others];
}

const waysOut = ({ label, next, faultNext }: StageDefinition, name: string): Way[] => [
  ...(next === name ? [{ words: `“${label}” is completed`, when: null }] : []),
  ...(faultNext === name ? [{ words: `“${label}” fails`, when: null }] : []),
];

const proofNow = (view: View, when: Condition): Proof => evaluate(when, lookupOf(view), contextOf(view));

/** Why a stage that the run has not entered waits: the ways that lead to it, and what the condition on the first such way sees now. */
export function whyStageNotReached(view: View, { name }: StageDefinition): Why {
  const ways = waysTo(view, name);
  const condition = ways.find(({ when }) => when !== null)?.when ?? null;
  if (ways.length === 0) return { sentence: "Nothing leads here.", proof: null };
  return {
    sentence: `Begins when ${ways.map(({ words }) => words).join(", or when ")}.`,
    proof: condition && proofNow(view, condition),
  };
}

/** Why a step waits whose stage the run has not entered: what will start it there, with the values as they are now. */
export function whyStepNotReached(view: View, stage: StageDefinition, { entry }: StepDefinition): Why {
  const labelOf = (name: string) => stage.steps.find((step) => step.name === name)?.label ?? name;
  switch (entry.type) {
    case "stage_starts":
      return { sentence: `Starts when “${stage.label}” begins.`, proof: null };
    case "step_completed":
      return {
        sentence: `Starts when “${labelOf(entry.step)}” is completed, once “${stage.label}” has begun.`,
        proof: null,
      };
    case "evaluation_flow":
      return {
        sentence: `Starts when the evaluation flow “${flowLabel(view, entry.flow)}” returns true, once “${stage.label}” has begun.`,
        proof: null,
      };
    case "requirements": {
      const proof = proofNow(view, entry.condition);
      const still = proof.met ? "its condition holds, as it does now," : `${missing(proof, view.definition)},`;
      return { sentence: `Starts when ${still} once “${stage.label}” has begun.`, proof };
    }
  }
}
