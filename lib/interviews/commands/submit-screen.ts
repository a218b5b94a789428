import { eq } from "drizzle-orm";
import { askedTogether } from "../../../db/asked-together";
import { type Json, rowOf } from "../../../db/row-of";
import { interview, type workItem } from "../../../db/schema/work";
import { databaseNow, type Tx } from "../../../db/transaction";
import { writeRows } from "../../../db/write-rows";
import { advance } from "../../flow/advance";
import type { Flow } from "../../flow/definition";
import type { Request } from "../../flow/interview";
import { withTrace } from "../../flow/trace";
import type { Value } from "../../logic/value";
import type { Person } from "../../people/current-person";
import { ok, type Result, refuse } from "../../result";
import { carryThrough, outermost, type Paused, workOf } from "../carry-on";
import { checkChoices } from "../check-choices";
import { type FoundItem, findItem, judgeItem } from "../hold-item";
import type { SubmitInput, Submitted } from "../schema";
import { type InterviewRow, screenOf, showScreen, stateOf } from "../show-screen";
import { holdShown, isOther, keptBefore, keptShown } from "../shown-in";
import { undoneIfFailed } from "../undo";

/** What is read of a screen behind its run's lock, and the person as they are behind it. */
type Looked = {
  readonly person: Person | null;
  readonly found: FoundItem | null;
  readonly row: InterviewRow | undefined;
};

type Own = { readonly userId: string; readonly interviewId: string; readonly workItemId: string };

const holdInterviews = askedTogether((tx, wanted: readonly Own[]) => {
  const [ids, users, items] = [
    wanted.map(({ interviewId }) => interviewId),
    wanted.map(({ userId }) => userId),
    wanted.map(({ workItemId }) => workItemId),
  ];
  return tx.sql<{ id: string; found: Json }[]>`
    select i.interview_id as id, to_json(i) as found
    from unnest(${ids}::text[], ${users}::text[], ${items}::text[]) as given (id, user_id, work_item_id)
      join interview i on i.interview_id = given.id and i.user_id = given.user_id and i.work_item_id = given.work_item_id
    where given.id || '' = given.id
    order by i.interview_id for update of i`;
});

/** Locks this person's interview of that item, the item's run being locked, and reads both in one flight. */
export async function lookAtScreen(tx: Tx, own: Own): Promise<Omit<Looked, "person">> {
  const [found, held] = await Promise.all([findItem(tx, own.workItemId), holdInterviews(tx, own)]);
  const row = held.find(({ id }) => id === own.interviewId)?.found;
  return { found, row: row && rowOf(interview)(row) };
}

/**
 * Next, Finish or Back of one screen, with all that the flow then does up to the next screen or its end, in one transaction: run locked
 * first, then the interview, the item's state and the gate asked after that. When the flow fails, everything it did is undone, what was
 * typed is kept as the draft, and the step's `onScreenFault` decides what follows (A5).
 *
 * Refusals: those of `holdItem`; `not-found` (no such interview, or another person's); `screen-moved` (another tab is further);
 * `interview-finished`; `invalid` with a problem for each field; `facts-changed` where the end decides on a record that is not what was shown.
 */
export async function submitScreen(
  tx: Tx,
  { row, found, person: asker }: Looked,
  input: Pick<SubmitInput, "screen" | "values" | "direction" | "shownAs">,
): Promise<Result<Submitted>> {
  if (!row) return refuse("not-found");
  const held = await judgeItem(tx, asker, found);
  if (!held.ok) return held;
  const { person, item, flow, onFault } = held.value;
  if (row.status !== "open") return refuse("interview-finished");
  const screen = screenOf(flow, stateOf(row));
  if (screen?.name !== input.screen) return refuse("screen-moved");
  const problems =
    input.direction === "next"
      ? await checkChoices(tx.db, person, { screen, values: input.values, state: stateOf(row) })
      : [];
  if (problems.length > 0) return refuse("invalid", { problems });
  const shownWith = { ...item, shownAs: input.shownAs };
  const before = await holdShown(tx, person, shownWith);
  const isStale = isOther(before, input.shownAs, row);
  const work = await workOf(tx, { runId: item.runId, stepRunId: item.stepRunId, person });
  const from = { ...stateOf(row), clock: work.clock };
  const going = outermost(flow, work, advance(flow, from, { type: input.direction, values: input.values }));
  const paused = await undoneIfFailed(tx, () => carryThrough(tx, work, going), going);
  const { request } = paused;
  if (request.type === "screen" && request.problems.length > 0)
    return refuse("invalid", { problems: request.problems });
  if (request.type === "end" && isStale) return refuse("facts-changed", { details: { name: before?.name ?? "" } });
  const shown = isStale ? row.shown : keptShown(await holdShown(tx, person, shownWith), keptBefore(before, row));
  const stored = await store(tx, row, { paused, typed: input.values, shown });
  return endOf(tx, person, { item, flow, row: stored, request, onFault, seen: before?.seen ?? null });
}

async function store(
  tx: Tx,
  row: InterviewRow,
  { paused, typed, shown }: { paused: Paused; typed: SubmitInput["values"]; shown: InterviewRow["shown"] },
): Promise<InterviewRow> {
  const { request, state } = paused;
  const at = await databaseNow(tx);
  const reached =
    request.type === "failure"
      ? {
          state: withTrace(stateOf(row), state),
          draft: typed,
          draftSavedAt: at,
          status: row.status,
          error: request.message,
          errorElement: request.element,
        }
      : {
          state,
          draft: null,
          draftSavedAt: null,
          error: null,
          errorElement: null,
          status: request.type === "end" ? ("finished" as const) : ("open" as const),
        };
  const next = { ...reached, shown, draftVersion: row.draftVersion + 1, updatedAt: at };
  writeRows(tx, [{ table: interview, how: "update", rows: [{ interviewId: row.interviewId, ...next }] }]);
  return { ...row, ...next };
}

type Ending = {
  readonly item: typeof workItem.$inferSelect;
  readonly flow: Flow;
  readonly row: InterviewRow;
  /** What it came to now; null: nothing, it was found as it was left. */
  readonly request: Request | null;
  readonly onFault: "keep_open" | "fail";
  /** Of an approval what lay beside its screens. */
  readonly seen: Value;
};

/**
 * What the person is shown, or the run is told, after an interview went as far as it could. One that failed before its first screen while the
 * item stays open is kept with its error, so that admins see it; opening the item again tries again. Refused with `flow-broken` when it was
 * found at no screen.
 */
export async function endOf(
  tx: Tx,
  person: Person,
  { item, flow, row, request, onFault, seen }: Ending,
): Promise<Result<Submitted>> {
  if (request?.type === "end")
    return ok({
      type: "finished",
      ...{ runId: item.runId, workItemId: item.workItemId, flow, outputs: request.outputs, seen },
    });
  if (request?.type === "failure" && onFault === "fail") {
    await tx.db.update(interview).set({ status: "failed" }).where(eq(interview.interviewId, row.interviewId));
    return ok({
      type: "failed",
      runId: item.runId,
      stepRunId: item.stepRunId,
      error: request.message,
      element: request.element,
    });
  }
  if (request?.type === "failure" && stateOf(row).at === null) return ok({ type: "broken", error: request.message });
  const view = await showScreen(tx.db, person, { flow, row });
  return view ? ok({ type: "screen", view }) : refuse("flow-broken", { details: { error: row.error ?? "" } });
}
