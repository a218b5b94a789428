import { db } from "../../db/client";
import type { Page } from "../../db/page";
import { startableOn } from "../definitions/queries";
import { may } from "../gate";
import { requirePerson } from "../people/current-person";
import { involvedIn } from "./may-ask";
import { listRuns, processesWithRuns } from "./queries/list-runs";
import { runPage as readRunPage } from "./queries/run-page";
import { type RunAbout, runsAboutRecord } from "./queries/runs-about-record";
import type { RunFilter, RunPage, RunRow } from "./schema";

/** Orchestration Runs; null for whoever may not see everybody's. */
export async function runsList(filter: RunFilter): Promise<Page<RunRow> | null> {
  return may(await requirePerson(), "run.list") ? listRuns(db(), filter) : null;
}

/** Processes to filter lists of runs and items by; null as above. */
export async function processOptions(): Promise<{ value: string; label: string }[] | null> {
  return may(await requirePerson(), "run.list") ? processesWithRuns(db()) : null;
}

/** One run for its page; null: not theirs to see, or none. */
export const runPage = async (runId: string): Promise<RunPage | null> =>
  readRunPage(db(), await requirePerson(), runId);

/** A run on a record's page. Whoever sees the record sees that it runs; the run's own page is for those who may read it. */
export type RecordRun = Omit<RunAbout, "startedBy" | "startedAt"> & {
  readonly startedAt: string;
  readonly mayOpen: boolean;
};

/** The newest runs about a record that the person may read, which the caller has asked the gate. */
export async function runsOnRecord(recordId: string): Promise<{ rows: RecordRun[]; hasMore: boolean }> {
  const person = await requirePerson();
  const { rows, hasMore } = await runsAboutRecord(db(), recordId);
  const shown = rows.map(async ({ startedBy, startedAt, ...row }) => {
    const involved = await involvedIn(db(), row.runId);
    return { ...row, startedAt: startedAt.toISOString(), mayOpen: may(person, "run.read", { startedBy, involved }) };
  });
  return { rows: await Promise.all(shown), hasMore };
}

/** What a button on a record's page can start. `button` is what its author wants it to say. */
export type Startable = { readonly definitionId: string; readonly label: string; readonly button: string };

/** The active orchestrations and approval processes that this person may start on records of an object. */
export async function startable(object: string): Promise<{ orchestrations: Startable[]; approvals: Startable[] }> {
  const person = await requirePerson();
  const found = await startableOn(db(), object);
  const shown = (pinned: (typeof found.approvals)[number]): Startable => {
    const { label, start } = pinned.body;
    const button = start.type === "autolaunched" ? start.buttonLabel : undefined;
    return { definitionId: pinned.definitionId, label, button: button ?? label };
  };
  return {
    orchestrations: may(person, "run.start") ? found.orchestrations.map(shown) : [],
    approvals: may(person, "approval.request") ? found.approvals.map(shown) : [],
  };
}
