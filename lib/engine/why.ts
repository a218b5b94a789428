import { OPERATOR_WORDS } from "../logic/operator-words";
import type { Proof } from "../logic/schema";
import { textOf } from "../logic/text-of";
import { entryOf, type OpenCondition, proofOf, stageCondition } from "./conditions";
import type { Orchestration } from "./definition";
import { definitionOf, isHuman, openItemsOf, openStage, stageNamed, stepsOf } from "./find";
import { locks } from "./locks";
import type { View } from "./lookup";
import type { StepRun } from "./state";

/** Why something has not happened yet, in a sentence, with the condition as it stands now. */
export type Why = { readonly sentence: string; readonly proof: Proof | null };

const shown = (value: Proof["requirements"][number]["leftValue"]): string =>
  value === null ? "empty" : `“${textOf(value).slice(0, 200)}”`;

/** `ApproveLoan.Status` as people know it, by the step's or stage's label; other paths as they are written. */
function subjectOf(path: string, { elements }: Orchestration): string {
  const [name, status, ...rest] = path.split(".");
  if (status !== "Status" || rest.length > 0) return path;
  const stages = elements.flatMap((element) => (element.type === "stage" ? [element] : []));
  const found = [...stages, ...stages.flatMap(({ steps }) => steps)].find((one) => one.name === name);
  return found ? `“${found.label}”` : path;
}

/** A flow as people know it; by its name where it has no active version. */
export const flowLabel = ({ facts: { flowLabels = {} } }: View, name: string): string =>
  Object.hasOwn(flowLabels, name) ? (flowLabels[name] ?? name) : name;

/** An evaluation flow leaves its name on the left of its proof; people know its label. */
export const proofInWords = (proof: Proof, labelOf: (flow: string) => string): Proof =>
  proof.logic === "flow"
    ? { ...proof, requirements: proof.requirements.map((row) => ({ ...row, left: labelOf(row.left) })) }
    : proof;

/** The requirements that stand in the way, each with the value it has: `$Record.Stage equals “Won” (it is “Open”)`. */
export function missing(proof: Proof, definition: Orchestration): string {
  const { formula, custom, error } = proof;
  if (error !== undefined) return `what is wrong is put right: ${error.replace(/\.$/, "")}`;
  if (formula !== undefined) {
    const seen = proof.requirements.map(
      ({ left, leftValue }) => `${subjectOf(left, definition)} is ${shown(leftValue)}`,
    );
    return `${formula} is true${seen.length > 0 ? ` (${seen.join(", ")})` : ""}`;
  }
  const words = ({ left, operator, rightValue, leftValue }: Proof["requirements"][number]) =>
    `${subjectOf(left, definition)} ${OPERATOR_WORDS[operator]} ${shown(rightValue)} (it is ${shown(leftValue)})`;
  const rows = proof.requirements.filter(({ met }) => !met).map(words);
  const joined = rows.join(proof.logic === "any" ? " or " : " and ");
  return custom === undefined ? joined : `${custom} holds${joined === "" ? "" : `; not met now: ${joined}`}`;
}

/** Words for what an open condition waits for. */
function waitsFor(view: View, open: OpenCondition): Why {
  const proof = proofOf(view, open);
  if (open.condition.type === "evaluation_flow") {
    const now = proof ? ` (it answers ${proof.met} now)` : "";
    return { sentence: `the evaluation flow “${flowLabel(view, open.condition.flow)}” returns true${now}`, proof };
  }
  return { sentence: proof ? missing(proof, view.definition) : "its condition holds", proof };
}

const lockWords = ({ facts: { lockedBy } }: View): string =>
  lockedBy ? `which a run of “${lockedBy.label}” has` : "which is free by now";

/** Why a step has not started or has not ended; null when it has ended or its stage is over. */
export function whyStepWaits(view: View, step: StepRun): Why | null {
  const stage = openStage(view.state);
  if (!stage || step.stageRunId !== stage.id) return null;
  const defined = definitionOf(view.definition, view.state, step);
  if (step.status === "not_started" && view.state.run.waits.lock !== null && locks(view.definition, view.state, step))
    return { sentence: `Has not started: waits for the lock of the record, ${lockWords(view)}.`, proof: null };
  if (step.status === "not_started") {
    const { sentence, proof } = waitsFor(view, entryOf(view, step));
    return { sentence: `Has not started: waits until ${sentence || "its stage is evaluated"}.`, proof };
  }
  if (step.status !== "in_progress") return null;
  if (defined.kind === "external")
    return { sentence: `The operation “${defined.operation}” is being called.`, proof: null };
  if (!isHuman(defined)) return { sentence: `Its flow “${flowLabel(view, defined.flow)}” is running.`, proof: null };
  const [item] = openItemsOf(view.state, step.id);
  if (item?.flag === "nobody_left") return { sentence: "Nobody is left who could do its work item.", proof: null };
  if (defined.exit.type === "flow_completed") {
    return {
      sentence: item?.claimedBy
        ? "Waits for the person who claimed its work item."
        : "Waits for its assignee to finish the work item.",
      proof: null,
    };
  }
  const { sentence, proof } = waitsFor(view, { part: "exit", owner: step.id, condition: defined.exit });
  return {
    sentence: `${item ? "Its work item is open; it" : "Its work item was finished; the step"} ends when ${sentence}.`,
    proof,
  };
}

/** Why the open stage has not ended, step by step; also what a stalled run gives as its reason. */
export function whyStageWaits(view: View): Why {
  const stage = openStage(view.state);
  if (!stage) return { sentence: "No stage is in progress.", proof: null };
  const { label, exit } = stageNamed(view.definition, stage.name);
  const { sentence, proof } = waitsFor(view, stageCondition(view, stage));
  if (exit.type !== "all_steps_completed") return { sentence: `“${label}” ends when ${sentence}.`, proof };
  const open = stepsOf(view.state, stage.id).filter(
    ({ status }) => status === "not_started" || status === "in_progress",
  );
  const steps = open.map((step) => {
    const why = whyStepWaits(view, step)?.sentence ?? "";
    return `“${definitionOf(view.definition, view.state, step).label}”: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
  });
  return { sentence: `“${label}” ends when all its steps are completed. ${steps.join(" ")}`.trim(), proof };
}
