import { pathsOf } from "../logic/reads";
import type { Expression } from "../logic/schema";
import type {
  DecisionDefinition,
  Entry,
  Orchestration,
  StageDefinition,
  StageExit,
  StepDefinition,
  StepExit,
} from "./definition";
import { isHuman } from "./find";

/** What a definition reads of the world, so that it can be loaded before the engine is asked. */
export type Reads = {
  /** Paths of the run's record without the leading `$Record.`, each once. */
  readonly record: readonly string[];
  /** Names of the flows that its steps call and its conditions ask, each once. */
  readonly flows: readonly string[];
  /** Whether a step wants the lock of the record. */
  readonly locks: boolean;
  /** Names of approval steps that are skipped while nothing changes. */
  readonly approved: readonly string[];
};

export function readsOf({ elements, approval }: Orchestration): Reads {
  const { recallStage = null, facts = [], amount = null } = approval ?? {};
  const stages = [
    ...elements.flatMap((element) => (element.type === "stage" ? [element] : [])),
    ...(recallStage ? [recallStage] : []),
  ];
  const decisions = elements.flatMap((element) => (element.type === "decision" ? [element] : []));
  const shown = [...facts.map(({ value }) => value), ...(amount === null ? [] : [amount])];
  const paths = [...stages.flatMap(ofStage), ...decisions.flatMap(ofDecision), ...shown];
  const approved = stages.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === "approval" && step.skipIfUnchanged.length > 0 ? [step.name] : [])),
  );
  const flows = stages.flatMap(({ exit, steps }) => [...asked(exit), ...steps.flatMap(flowsOf)]);
  const locks = stages.some(({ steps }) => steps.some((step) => step.locksRecord));
  const ofRecord = paths.filter((path) => path.startsWith("$Record.")).map((path) => path.slice("$Record.".length));
  return { record: [...new Set(ofRecord)], flows: [...new Set(flows)], locks, approved };
}

const asked = (condition: Entry | StepExit | StageExit): readonly string[] =>
  condition.type === "evaluation_flow" ? [condition.flow] : [];

const flowsOf = (step: StepDefinition): readonly string[] => [
  ...(step.kind === "external" || step.flow === undefined ? [] : [step.flow]),
  ...(step.kind === "approval" && step.answers ? [step.answers.flow] : []),
  ...asked(step.entry),
  ...(isHuman(step) ? asked(step.exit) : []),
];

const ofDecision = ({ outcomes }: DecisionDefinition): readonly string[] =>
  outcomes.flatMap(({ when }) => pathsOf(when));

const ofInputs = (inputs: Readonly<Record<string, Expression>>): readonly string[] =>
  Object.values(inputs).flatMap((from) => pathsOf(from));

function ofCondition(condition: Entry | StepExit | StageExit): readonly string[] {
  if (condition.type === "requirements") return pathsOf(condition.condition);
  return condition.type === "evaluation_flow" ? ofInputs(condition.inputs) : [];
}

const ofStage = ({ exit, steps }: StageDefinition): readonly string[] => [
  ...ofCondition(exit),
  ...steps.flatMap(ofStep),
];

function ofStep(step: StepDefinition): readonly string[] {
  const common = [...ofCondition(step.entry), ...ofInputs(step.inputs)];
  if (!isHuman(step)) return common;
  const { exit, assignee, record, emailSubject, emailBody } = step;
  const texts = [assignee.value, emailSubject, emailBody].flatMap((text) => (text ? pathsOf(text) : []));
  const auto =
    step.kind === "approval" ? [...(step.autoApprove ? pathsOf(step.autoApprove) : []), ...step.skipIfUnchanged] : [];
  return [...common, ...ofCondition(exit), record, ...texts, ...auto];
}
