import type { Command } from "../../../lib/engine/command";
import type { Orchestration } from "../../../lib/engine/definition";
import { RECORD, type World } from "../world";
import type { ModelRun } from "./run";
import { settle } from "./settle";
import { enterStage, walk } from "./walk";

type Start = Extract<Command, { type: "start" }>;

/** A run begins: its variables are filled (A26, B 6.1) and it walks to its first stage. */
export function startRun(
  definition: Orchestration,
  world: World,
  { by, start }: { by: string; start: Start },
): ModelRun {
  const isApproval = definition.processType === "approval";
  const told: { [name: string]: string } = isApproval
    ? { recordId: RECORD.id, submitter: by, submissionComments: start.submission?.comments ?? "" }
    : {};
  const variables = definition.variables.map(({ name, isInput, default: otherwise }) => [
    name,
    (isInput ? (start.inputs[name] ?? told[name]) : undefined) ?? otherwise,
  ]);
  const run: ModelRun = {
    definition,
    world,
    startedBy: by,
    recordPrior: start.recordPrior,
    debug: start.debug ?? null,
    status: "in_progress",
    variables: Object.fromEntries(variables),
    hasError: false,
    faultMessage: null,
    isStalled: false,
    holdsLock: false,
    keepsLock: false,
    waits: { records: [], objects: [], dueAt: null, lock: null },
    taken: new Set(),
    submission: isApproval ? "in_progress" : null,
    stages: [],
    steps: [],
    failedAt: undefined,
    agenda: [],
    said: new Map(),
  };
  if (start.debug?.startStage) enterStage(run, start.debug.startStage);
  else walk(run, definition.start.next);
  settle(run);
  return run;
}
