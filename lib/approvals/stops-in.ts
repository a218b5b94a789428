import type { Orchestration } from "../engine/definition";
import type { RunState } from "../engine/state";

/** What a run that was played through and rolled back could not be taken past: other systems, times to come, records that must change. */
export function stopsIn({ run, steps }: RunState, definition: Orchestration): string[] {
  if (run.status === "error") return [`It would stop with an error: ${run.error ?? "a step would fail"}`];
  if (run.endedAt !== null) return [];
  const labels = new Map(
    definition.elements.flatMap((element) =>
      element.type === "stage" ? element.steps.map(({ name, label }) => [name, label] as const) : [],
    ),
  );
  const open = steps.filter(({ status }) => status === "in_progress");
  const working = open.flatMap(({ kind, name }): string[] => {
    const label = labels.get(name) ?? name;
    if (kind === "external") return [`“${label}” calls another system; what comes after depends on its answer.`];
    return kind === "background" ? [`“${label}” waits for something that has not happened yet.`] : [];
  });
  if (run.stalledReason !== null) return [...working, `It would stop there: ${run.stalledReason}`];
  const isIdle = !open.some(({ kind }) => kind !== "background");
  return isIdle && (run.waits.dueAt !== null || run.waits.records.length > 0) && working.length === 0
    ? ["It then waits for a time to come or a record to change."]
    : working;
}
