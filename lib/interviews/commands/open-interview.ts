import { and, desc, eq, ne, sql } from "drizzle-orm";
import { stepRun } from "../../../db/schema/runs";
import { interview } from "../../../db/schema/work";
import type { Tx } from "../../../db/transaction";
import { flowVersion } from "../../definitions/queries";
import { begin } from "../../flow/begin";
import type { Flow } from "../../flow/definition";
import type { Request, Values } from "../../flow/interview";
import { withTrace } from "../../flow/trace";
import { newId } from "../../ids";
import type { Person } from "../../people/current-person";
import type { Result } from "../../result";
import { beginningOf, carryThrough, outermost, type Paused, workOf } from "../carry-on";
import { type HeldItem, holdItem } from "../hold-item";
import type { KeptShown, Submitted } from "../schema";
import { type InterviewRow, screenOf, stateOf } from "../show-screen";
import { holdShown, keptShown } from "../shown-in";
import { undoneIfFailed } from "../undo";
import { endOf } from "./submit-screen";

/**
 * Opens a work item's screen flow for a person: one interview an item and person, begun at the first opening and found again at every
 * later one, where it was left. What the flow does before its first screen happens now. A flow that ends before any screen is told like
 * one that did so at Next, but for an approval's and a question's: nobody decides or answers by looking, so there it failed. One that fails before any is kept with its error,
 * and begun anew at the next opening. Refusals: those of `holdItem` and `endOf`.
 */
export async function openInterview(
  tx: Tx,
  asker: Person,
  input: { readonly workItemId: string },
): Promise<Result<Submitted>> {
  const held = await holdItem(tx, asker, input.workItemId);
  if (!held.ok) return held;
  const { person, flow, item, onFault } = held.value;
  const [known] = await tx.db
    .select()
    .from(interview)
    .where(and(eq(interview.workItemId, input.workItemId), eq(interview.userId, person.userId)));
  const beside = await holdShown(tx, person, item);
  const shown = keptShown(beside);
  const isFound = known !== undefined && !(known.status === "open" && stateOf(known).at === null);
  if (isFound && shown)
    await tx.db.update(interview).set({ shown }).where(eq(interview.interviewId, known.interviewId));
  const { row, request } = isFound ? { row: known, request: null } : await beginInterview(tx, held.value, shown);
  return endOf(tx, person, { item, flow, row, request, onFault, seen: beside?.seen ?? null });
}

/** Begun, or begun anew where it failed before its first screen the last time; then it is at no element. */
async function beginInterview(
  tx: Tx,
  held: HeldItem,
  before: KeptShown | null,
): Promise<{ row: InterviewRow; request: Request }> {
  const { person, item, flow, flowVersion: version, inputs, isTraced } = held;
  const { runId, stepRunId, workItemId } = item;
  const work = await workOf(tx, { runId, stepRunId, person, isTraced });
  const first = begin(flow, inputs, beginningOf(work));
  const start = { ...first, state: { ...first.state, answers: await keptAnswers(tx, held) } };
  const going = outermost(flow, work, start);
  const carried = async () => pressed(item, flow, await carryThrough(tx, work, going));
  const { state, request } = await undoneIfFailed(tx, carried, going);
  const isFailure = request.type === "failure";
  const reached = {
    flowVersion: version,
    status: request.type === "end" ? ("finished" as const) : ("open" as const),
    state: isFailure ? { ...withTrace(start.state, state), at: null } : state,
    error: isFailure ? request.message : null,
    errorElement: isFailure ? request.element : null,
    shown: before && keptShown(await holdShown(tx, person, item), before),
    updatedAt: sql`clock_timestamp()`,
  };
  const [row] = await tx.db
    .insert(interview)
    .values({
      interviewId: newId("interview"),
      ...{ runId, stepRunId, workItemId, userId: person.userId, flowName: flow.name },
      ...reached,
      createdAt: sql`clock_timestamp()`,
    })
    .onConflictDoUpdate({
      target: [interview.workItemId, interview.userId],
      targetWhere: sql`work_item_id is not null`,
      set: reached,
    })
    .returning();
  if (!row) throw new Error("the interview was not written");
  return { row, request };
}

/** An approval is decided, and a question answered, by what somebody sends: screens that would end as they are opened have failed. */
function pressed({ kind }: HeldItem["item"], { label }: Flow, paused: Paused): Paused {
  if (kind === "interactive" || paused.request.type !== "end") return paused;
  const does = kind === "question" ? "answers" : "decides";
  const message = `${label} ended before it showed a screen, and nobody ${does} by opening a page.`;
  return { ...paused, request: { type: "failure", element: null, message } };
}

/** What the person typed in earlier attempts of the same step: it comes back when a failed step is tried again (A5). */
async function keptAnswers(tx: Tx, { person, item, step, flow }: HeldItem): Promise<{ [screen: string]: Values }> {
  const [before] = await tx.db
    .select({
      state: interview.state,
      draft: interview.draft,
      flowName: interview.flowName,
      flowVersion: interview.flowVersion,
    })
    .from(interview)
    .innerJoin(stepRun, and(eq(stepRun.runId, interview.runId), eq(stepRun.stepRunId, interview.stepRunId)))
    .where(
      and(
        eq(interview.runId, item.runId),
        eq(interview.userId, person.userId),
        ne(interview.stepRunId, item.stepRunId),
        eq(stepRun.stageRunId, step.stageRunId),
        eq(stepRun.name, step.name),
        eq(interview.flowName, flow.name),
      ),
    )
    .orderBy(desc(interview.createdAt))
    .limit(1);
  if (!before) return {};
  const state = stateOf(before);
  const found = await flowVersion(tx.db, before.flowName, before.flowVersion);
  const screen = found && screenOf(found.body, state);
  return screen && before.draft
    ? { ...state.answers, [screen.name]: { ...state.answers[screen.name], ...before.draft } }
    : state.answers;
}
