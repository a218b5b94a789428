import { and, eq } from "drizzle-orm";
import { db } from "../../db/client";
import { interview, workItem } from "../../db/schema/work";
import { newId } from "../../lib/ids";
import type { AfterScreen, ScreenView } from "../../lib/interviews/schema";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import type { Result } from "../../lib/result";
import { startRun } from "../../lib/runs/start";
import { openScreens } from "../../lib/work/open-screens";
import { sendScreen } from "../../lib/work/send-screen";
import { patiently } from "../support/patiently";
import { must } from "./records";
import { commanded } from "./runs";

/** Screens worked on as the portal does it: through the commands behind its actions. */

/** Starts a run on a record; the open work item of the step with that label. */
export async function anItem(
  by: Person,
  { definition, recordId, label }: { definition: string; recordId: string; label: string },
): Promise<{ runId: string; workItemId: string }> {
  const start = { definitionId: definition, recordId, inputs: {} };
  const { runId } = must(await commanded(by, (tx) => startRun(tx, by, start)));
  const [item] = await db()
    .select()
    .from(workItem)
    .where(and(eq(workItem.runId, runId), eq(workItem.label, label)));
  if (!item) throw new Error(`the run has no work item ${label}`);
  return { runId, workItemId: item.workItemId };
}

export const opened = (person: Person, workItemId: string): Promise<Result<AfterScreen>> =>
  commanded(person, (tx) => openScreens(tx, person, { workItemId }));

export const sent = (
  person: Person,
  view: ScreenView,
  values: { [field: string]: Value },
  direction: "next" | "back" = "next",
): Promise<Result<AfterScreen>> => {
  const { interviewId, screen: at } = view;
  const form = { interviewId, screen: at.name, values, direction, key: newId("command") };
  return patiently(() => sendScreen(person, form));
};

/** The screen that something must have led to. */
export function screen(result: Result<AfterScreen>): ScreenView {
  const answer = must(result);
  if (answer.type !== "screen") throw new Error(`no screen but ${JSON.stringify(answer)}`);
  return answer;
}

export async function interviewRow(interviewId: string) {
  const [row] = await db().select().from(interview).where(eq(interview.interviewId, interviewId));
  if (!row) throw new Error("no interview");
  return row;
}
