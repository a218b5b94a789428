import type { RunState } from "../../lib/engine/state";
import { itemKey, itemKeyById, keyOf } from "./engine";
import { SOME_TEXT } from "./reference/ends";
import type { ModelItem, ModelRun } from "./reference/run";

/** What anybody can see of a run, in one form for the engine and the model. Ids and instants are each side's own. */
export function seenOfEngine(state: RunState) {
  const { run } = state;
  return {
    run: {
      status: run.status,
      variables: run.variables,
      hasError: run.error !== null,
      faultMessage: run.faultMessage,
      isStalled: run.stalledSince !== null,
      holdsLock: run.holdsLock,
      keepsLock: run.keepsLock,
      waits: run.waits,
      taken: [...run.taken].sort(),
      isEnded: run.endedAt !== null,
    },
    stages: state.stages.map(({ name, ordinal, round, status }) => `${ordinal} ${name}#${round} ${status}`),
    steps: bySameKey(
      state.steps.map((step) => ({
        key: keyOf(state, step.id),
        status: step.status,
        flowVersion: step.flow?.version ?? null,
        isAsynchronous: step.isAsynchronous,
        inputs: step.inputs,
        outputs: step.outputs,
        hasStoredFailure: step.status === "in_progress" && step.storedFailure !== null,
        hasError: step.error !== null,
        skipReason: step.skipReason,
        runAs: step.runAs,
        decidedBy: step.decidedBy,
      })),
    ),
    items: bySameKey(
      state.items.map((item) => ({
        key: itemKey(state, item),
        parent: item.parentId === null ? null : itemKeyById(state, item.parentId),
        kind: item.kind,
        voting: item.voting,
        status: item.status,
        completionKind: item.completionKind,
        assignee: `${item.assignee.type} ${item.assignee.id}`,
        assignmentNo: item.assignmentNo,
        flag: item.flag,
        claimedBy: item.claimedBy,
        completedBy: item.completedBy,
        onBehalfOf: item.onBehalfOf,
        decidedAs: item.decidedAs,
        outcome: item.outcome,
        comments: item.comments,
        dueAt: item.dueAt,
        climbed: item.ladder,
        byHand: item.byHand,
      })),
    ),
    submission: state.submission?.status ?? null,
  };
}
export type Seen = ReturnType<typeof seenOfEngine>;

export function seenOfModel(run: ModelRun): Seen {
  return {
    run: {
      status: run.status,
      variables: run.variables,
      hasError: run.hasError,
      faultMessage: run.faultMessage,
      isStalled: run.isStalled,
      holdsLock: run.holdsLock,
      keepsLock: run.keepsLock,
      waits: run.waits,
      taken: [...run.taken].sort(),
      isEnded: run.status !== "in_progress" && run.status !== "suspended",
    },
    stages: run.stages.map(({ name, ordinal, round, status }) => `${ordinal} ${name}#${round} ${status}`),
    steps: bySameKey(
      run.steps.map((step) => ({
        key: step.key,
        status: step.status,
        flowVersion: step.flowVersion,
        isAsynchronous: step.isAsynchronous,
        inputs: step.inputs,
        outputs: step.outputs,
        hasStoredFailure: step.status === "in_progress" && step.stored !== null,
        hasError: step.hasError,
        skipReason: step.skipReason,
        runAs: step.runAs,
        decidedBy: step.decidedBy,
      })),
    ),
    items: bySameKey(run.steps.flatMap(({ items }) => items.map(seenItem))),
    submission: run.submission,
  };
}

const seenItem = ({ createdAt: _, rungs: __, closedAs: ___, madeAs: ____, ...item }: ModelItem) => ({
  ...item,
  parent: item.parent?.key ?? null,
  assignee: `${item.assignee.type} ${item.assignee.id}`,
  dueAt: item.dueAt === null ? null : new Date(item.dueAt).toISOString(),
});

const bySameKey = <T extends { readonly key: string }>(rows: readonly T[]): T[] =>
  rows.toSorted((one, other) => (one.key < other.key ? -1 : 1));

/** Texts of which the model only knows that there is one are taken over from the engine. */
export function agreed(model: Seen, engine: Seen): Seen {
  const { faultMessage } = model.run;
  const said = engine.run.faultMessage;
  if (faultMessage === null || said === null) return model;
  if (faultMessage !== SOME_TEXT && !said.includes(faultMessage)) return model;
  return { ...model, run: { ...model.run, faultMessage: said } };
}
