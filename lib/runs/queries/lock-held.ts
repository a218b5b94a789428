import type { Database } from "../../../db/client";
import type { Orchestration, StepDefinition } from "../../engine/definition";
import { definitionOf, stepById } from "../../engine/find";
import type { RunState, WorkItem } from "../../engine/state";
import { namesOf } from "../../people/queries";
import { heldBy } from "../../records/held-by";
import type { RunLock } from "../schema/run-page";

type Run = { readonly definition: Orchestration; readonly state: RunState };

/** How a run keeps its record from being changed, for its page; null: it does not. */
export async function lockHeld(db: Database, run: Run, nameOf: (id: string) => string): Promise<RunLock | null> {
  const { holdsLock, keepsLock, record, id } = run.state.run;
  const held = holdsLock && record ? await heldBy(db, record.id) : null;
  if (held?.runId !== id) return null;
  const { since, editorId } = held;
  const names = editorId === null ? {} : await namesOf(db, [{ type: "user", id: editorId }]);
  const editing = run.state.items.filter((item) => letsEdit(run, item)).map(({ assignee }) => nameOf(assignee.id));
  return { since, isKept: keepsLock, lets: [...new Set([...Object.values(names), ...editing])] };
}

/** As `grantsEditing` of the records asks it in SQL. */
function letsEdit({ definition, state }: Run, { status, voting, kind, stepRunId }: WorkItem): boolean {
  if (status !== "assigned" || voting || kind === "question") return false;
  const step = stepById(state, stepRunId);
  return kind === "revision" || (step !== undefined && mayEdit(definitionOf(definition, state, step)));
}

const mayEdit = (step: StepDefinition): boolean => "mayEditRecord" in step && step.mayEditRecord;
