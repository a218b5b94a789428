import { instantOf, isDate } from "../../logic/instant";
import type { Value } from "../../logic/value";
import { ok, type Refusal, type Result, refuse } from "../../result";
import type { Ask, Command } from "../command";
import type { Orchestration } from "../definition";
import { hasStage } from "../find";
import type { Debug, Values } from "../state";
import { stepsBefore } from "../steps-before";
import { beginRun, emit, newId, type Turn } from "../turn";
import { enterStage, walk } from "../walk";

type Start = Extract<Command, { type: "start" }>;

/** The first command of a run. Refused with `no-such-stage` for a debug run that is to begin nowhere, and with `unknown-input` or `wrong-input` when an input is none of the definition's. */
export function start(definition: Orchestration, command: Start, { env }: Ask): Result<Turn> {
  if (command.kind === "recall" && !definition.approval?.recallStage)
    return refuse("no-such-stage", { details: { stage: "recall" } });
  const { startStage = null } = command.debug ?? {};
  if (startStage !== null && !hasStage(definition, startStage))
    return refuse("no-such-stage", { details: { stage: startStage } });
  // A recall path is given what its run held, whatever the run's steps made of it.
  const wrong = command.kind === "recall" ? null : wrongInput(definition, command.inputs);
  if (wrong) return { ok: false, refusal: wrong };
  const startedBy = env.actor.type === "user" ? env.actor.id : null;
  const { askedBy = startedBy } = command;
  const turn = beginRun(definition, env, {
    type: "run-started",
    runId: command.runId,
    kind: command.kind,
    ...(command.parentRunId && { parentRunId: command.parentRunId }),
    record: command.record,
    recordPrior: command.recordPrior,
    variables: variablesOf(definition, command),
    startedBy,
    ...(askedBy !== startedBy && { askedBy }),
    depth: command.depth ?? 0,
    debug: debugOf(definition, command),
  });
  if (definition.processType === "approval" && command.submission) {
    emit(turn, { type: "submission-started", submissionId: newId(turn, "submission"), ...command.submission });
  }
  const { recallStage = null } = definition.approval ?? {};
  if (command.kind === "main") walk(turn, command.debug?.startStage ?? definition.start.next);
  else if (recallStage) enterStage(turn, recallStage);
  return ok(turn);
}

function debugOf(definition: Orchestration, { debug }: Start): Debug | null {
  if (!debug) return null;
  const { startStage, playedBy, mocks } = debug;
  return { playedBy, mocks, ...(startStage !== null && { passedOver: stepsBefore(definition, startStage) }) };
}

/** What an approval process gets to know by itself, when it declares such an input (semantics 6.1). */
const submitted = ({ record, submission }: Start): Values =>
  submission
    ? { recordId: record?.id ?? null, submitter: submission.submittedBy, submissionComments: submission.comments }
    : {};

function variablesOf(definition: Orchestration, command: Start): Values {
  // What Baton vouches for is not the caller's to say.
  const given: Values = { ...command.inputs, ...submitted(command) };
  return Object.fromEntries(
    definition.variables.map(({ name, isInput, default: preset }) => [
      name,
      isInput && Object.hasOwn(given, name) ? (given[name] ?? null) : preset,
    ]),
  );
}

const isNumber = (value: Value): boolean => typeof value === "number";
const isText = (value: Value): boolean => typeof value === "string";

/** Whether a value is of a variable's type (A26); null is of each. */
const FITS: Readonly<Record<Orchestration["variables"][number]["type"], (value: Value) => boolean>> = {
  text: isText,
  number: isNumber,
  currency: isNumber,
  boolean: (value) => typeof value === "boolean",
  date: (value) => typeof value === "string" && isDate(value),
  datetime: (value) => typeof value === "string" && instantOf(value) !== null,
  user: isText,
  record: isText,
};

function wrongInput(definition: Orchestration, inputs: Values): Refusal | null {
  for (const [name, value] of Object.entries(inputs)) {
    const variable = definition.variables.find((candidate) => candidate.name === name && candidate.isInput);
    const refused = !variable
      ? refuse("unknown-input", { details: { name } })
      : value !== null && !FITS[variable.type](value)
        ? refuse("wrong-input", { details: { name, type: variable.type } })
        : null;
    if (refused) return refused.refusal;
  }
  return null;
}
