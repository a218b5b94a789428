import type { Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import type { RunState } from "../engine/state";
import { canonicalJson } from "../logic/canonical";
import { changingRow, itemRow, newRow, stageRow, stepRow, submissionRow } from "./record/rows";
import type { StoredRun } from "./rows-of-runs";

/** What a comparison came to: how many rows and fields were compared, and the first field that differs, or null. */
export type Comparison = { readonly rows: number; readonly fields: number; readonly difference: string | null };

type Row = { readonly [column: string]: unknown };
/** Rows that must be equal, under the name that a complaint gives them. */
type Pair = { readonly name: string; readonly expected: Row | undefined; readonly stored: Row | undefined };

/** The name of the record at the time of writing is the record's, not the run's: no event holds it. */
const NOT_FOLDED: ReadonlySet<string> = new Set(["recordName"]);

/** Every field that the run's state decides, as it would be written today, against what is stored. */
export function compareRows(state: RunState, pinned: Pinned<Orchestration>, stored: StoredRun): Comparison {
  const words = { definition: pinned.body };
  const runId = state.run.id;
  const submissions = state.submission ? [submissionRow(state, state.submission)] : [];
  const pairs: readonly Pair[] = [
    { name: "run", expected: { ...newRow(state, pinned), ...changingRow(state, words) }, stored: stored.run },
    ...paired("stage_run", "stageRunId", [state.stages.map((one) => stageRow(runId, one)), stored.stages]),
    ...paired("step_run", "stepRunId", [state.steps.map((one) => stepRow(state, one, words)), stored.steps]),
    ...paired("work_item", "workItemId", [state.items.map((one) => itemRow(state, one, words)), stored.items]),
    ...paired("submission", "submissionId", [submissions, stored.submissions]),
  ];
  let fields = 0;
  for (const { name, expected, stored: found } of pairs) {
    if (!expected) return { rows: pairs.length, fields, difference: `${name} is not in it` };
    if (!found) return { rows: pairs.length, fields, difference: `${name} is missing` };
    for (const [column, value] of Object.entries(expected)) {
      if (NOT_FOLDED.has(column)) continue;
      fields++;
      if (canonicalJson(value) !== canonicalJson(found[column]))
        return { rows: pairs.length, fields, difference: `${column} of ${name}` };
    }
  }
  return { rows: pairs.length, fields, difference: null };
}

function paired(table: string, key: string, [expected, stored]: readonly [readonly Row[], readonly Row[]]): Pair[] {
  const byKey = (rows: readonly Row[]) => new Map(rows.map((row) => [String(row[key]), row]));
  const [wanted, found] = [byKey(expected), byKey(stored)];
  return [...new Set([...wanted.keys(), ...found.keys()])].map((id) => ({
    name: `${table} ${id}`,
    expected: wanted.get(id),
    stored: found.get(id),
  }));
}
