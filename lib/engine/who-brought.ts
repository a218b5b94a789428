import { isList, ownProperty, type Value } from "../logic/value";
import type { Orchestration } from "./definition";
import type { RunState, StepRun } from "./state";

/** Whether a value is this text, or holds it however deep. */
function holds(value: Value, text: string): boolean {
  if (typeof value === "string") return value === text;
  if (value === null || typeof value !== "object") return false;
  return isList(value)
    ? value.some((item) => holds(item, text))
    : Object.keys(value).some((name) => holds(ownProperty(value, name), text));
}

/**
 * Who gave a run the id of a record, of whom one must be allowed to read it before an item stands on it and grants that to somebody else
 * (A17): whoever worked on a step that gave it back and had not been given it, else whoever started the run. Null: nobody need be asked,
 * because the process found it by itself, or an item stood on it before.
 */
export function whoBrought(
  { variables }: Pick<Orchestration, "variables">,
  { run, steps, items }: RunState,
  id: string,
): readonly string[] | null {
  if (run.record?.id === id || items.some(({ record }) => record?.id === id)) return null;
  if (variables.some((variable) => variable.default === id)) return null;
  const givers = steps.filter(({ inputs, outputs }) => holds(outputs, id) && !holds(inputs, id));
  const people = givers.flatMap((step) => workersOf(step, items));
  if (people.length > 0) return [...new Set(people)];
  // No person's step gave it: a flow found it, or it came with the start and went through flows, or not even that.
  const wasChecked = !steps.some(({ outputs }) => holds(outputs, id)) && isRecordGiven({ variables, run }, id);
  return givers.length > 0 || wasChecked || run.startedBy === null ? null : [run.startedBy];
}

const workersOf = ({ id }: StepRun, items: RunState["items"]): readonly string[] =>
  items.flatMap(({ stepRunId, completedBy }) => (stepRunId === id && completedBy !== null ? [completedBy] : []));

/** Records that a start names as such are theirs to read who starts, or nothing starts. */
const isRecordGiven = (
  { variables, run }: Pick<Orchestration, "variables"> & Pick<RunState, "run">,
  id: string,
): boolean => variables.some(({ name, type }) => type === "record" && ownProperty(run.variables, name) === id);
