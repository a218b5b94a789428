import { and, eq, sql } from "drizzle-orm";
import { interview, type workItem } from "../../../db/schema/work";
import type { Tx } from "../../../db/transaction";
import { advance } from "../../flow/advance";
import type { Flow } from "../../flow/definition";
import type { Request } from "../../flow/interview";
import { withTrace } from "../../flow/trace";
import type { Value } from "../../logic/value";
import type { Person } from "../../people/current-person";
import { ok, type Result, refuse } from "../../result";
import { carryThrough, outermost, type Paused, workOf } from "../carry-on";
import { checkChoices } from "../check-choices";
import { holdItem } from "../hold-item";
import type { SubmitInput, Submitted } from "../schema";
import { type InterviewRow, screenOf, showScreen, stateOf } from "../show-screen";
import { holdShown, isOther, keptBefore, keptShown } from "../shown-in";
import { undoneIfFailed } from "../undo";

/**
 * Next, Finish or Back of one screen, with all that the flow then does up to the next screen or its end, in one transaction: run locked
 * first, the item's state and the gate asked after that, then the interview. When the flow fails, everything it did is undone, what was
 * typed is kept as the draft, and the step's `onScreenFault` decides what follows (A5).
 *
 * Refusals: those of `holdItem`; `not-found` (no such interview, or another person's); `screen-moved` (another tab is further);
 * `interview-finished`; `invalid` with a problem for each field; `facts-changed` where the end decides on a record that is not what was shown.
 */
export async function submitScreen(
  tx: Tx,
  asker: Person,
  input: Pick<SubmitInput, "interviewId" | "screen" | "values" | "direction" | "shownAs">,
): Promise<Result<Submitted>> {
  const own = and(eq(interview.interviewId, input.interviewId), eq(interview.userId, asker.userId));
  const [known] = await tx.db.select({ workItemId: interview.workItemId }).from(interview).where(own);
  if (!known?.workItemId) return refuse("not-found");
  const held = await holdItem(tx, asker, known.workItemId);
  if (!held.ok) return held;
  const { person, item, flow, onFault } = held.value;
  const [row] = await tx.db.select().from(interview).where(own).for("update");
  if (row?.status !== "open") return refuse("interview-finished");
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
  const reached =
    request.type === "failure"
      ? {
          state: withTrace(stateOf(row), state),
          draft: typed,
          draftSavedAt: sql`clock_timestamp()`,
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
  const [stored] = await tx.db
    .update(interview)
    .set({ ...reached, shown, draftVersion: row.draftVersion + 1, updatedAt: sql`clock_timestamp()` })
    .where(eq(interview.interviewId, row.interviewId))
    .returning();
  if (!stored) throw new Error("the interview was not written");
  return stored;
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
