import { createReadStream, existsSync } from "node:fs";
import { Readable } from "node:stream";
import { db } from "../../db/client";
import type { Page } from "../../db/page";
import { recordSecurityEvent } from "../audit/commands";
import { now } from "../clock";
import { startableAlone, startableOn } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import { isOneAtATime } from "../engine/find";
import { isVouchedFor } from "../engine/vouched-for";
import { env } from "../env";
import { may } from "../gate";
import { type Person, requirePerson } from "../people/current-person";
import { readRecord, recordValues } from "../records/queries/read-record";
import { exportRun, type RunExport } from "./export-run";
import { meetsStart } from "./meets-start";
import { debugForm } from "./queries/debug-form";
import { listRuns, processesWithRuns } from "./queries/list-runs";
import { openRunsAbout } from "./queries/open-runs";
import { controlOf, runPage as readRunPage } from "./queries/run-page";
import { lockOf } from "./queries/run-waits";
import { type RunAbout, runsAboutRecord } from "./queries/runs-about-record";
import type { DebugForm } from "./schema/debug";
import type { RunFilter, RunRow } from "./schema/list";
import type { RunControl } from "./schema/run-control";
import type { RecordLock, RunPage } from "./schema/run-page";
import { sealsIn } from "./seal-line";

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

/** The evidence of one run for keeping elsewhere, which is written down; null as above. */
export async function runEvidence(runId: string): Promise<RunExport | null> {
  const person = await requirePerson();
  const evidence = await exportRun(db(), person, runId);
  if (evidence)
    await recordSecurityEvent(null, { action: "run-export", actorId: person.userId, objectId: runId, allowed: true });
  return evidence;
}

/** What the person can do to one run, for lists of runs; null as above. */
export const runControl = async (runId: string): Promise<RunControl | null> =>
  controlOf(db(), await requirePerson(), runId);

/** Whether lists of runs offer to repair what stopped. */
export const mayRepairRuns = async (): Promise<boolean> =>
  may(await requirePerson(), "run.control", { playedBy: null });

/** Which run has a record locked that the person may read, which the caller has asked the gate; null: none. */
export const lockOnRecord = async (recordId: string): Promise<RecordLock | null> =>
  lockOf(db(), await requirePerson(), recordId);

/** What a debug run of a version may be told; null: no such orchestration, or not theirs to play. */
export async function debugPage(name: string, version: number | null): Promise<DebugForm | null> {
  return may(await requirePerson(), "run.debug") ? debugForm(db(), name, version) : null;
}

/** A run on a record's page. Whoever sees the record sees that it runs; the run's own page is for those who may read it. */
export type RecordRun = Omit<RunAbout, "askedBy" | "startedAt"> & {
  readonly startedAt: string;
  readonly mayOpen: boolean;
};

/** The newest runs about a record that the person may read, which the caller has asked the gate. */
export async function runsOnRecord(recordId: string): Promise<{ rows: RecordRun[]; hasMore: boolean }> {
  const person = await requirePerson();
  const { rows, hasMore } = await runsAboutRecord(db(), recordId);
  const shown = rows.map(({ askedBy, startedAt, ...row }) => ({
    ...row,
    startedAt: startedAt.toISOString(),
    mayOpen: may(person, "run.read", { askedBy }),
  }));
  return { rows: shown, hasMore };
}

/**
 * What a button on a record's page can start. `button` is what its author wants it to say. `underWay`: a run that is open for the record
 * where only one may be, so that no other can be started; `runId` is null where that run is not theirs to open.
 */
export type Startable = {
  readonly definitionId: string;
  readonly label: string;
  readonly button: string;
  readonly underWay: { readonly runId: string | null; readonly isDebug: boolean } | null;
  /** What it asks for before it begins. */
  readonly inputs: readonly StartInput[];
};

export type StartInput = Pick<Orchestration["variables"][number], "name" | "type" | "default">;

const inputsOf = ({ variables }: Orchestration): StartInput[] =>
  variables
    .filter(({ isInput, name }) => isInput && !isVouchedFor(name))
    .map(({ name, type, default: preset }) => ({ name, type, default: preset }));

/** What can be started without a record, with what it is for. */
export async function startableAnywhere(): Promise<(Startable & { readonly description: string })[]> {
  const person = await requirePerson();
  if (!may(person, "run.start")) return [];
  return (await startableAlone(db())).map(({ definitionId, body }) => ({
    definitionId,
    label: body.label,
    description: body.description,
    button: (body.start.type === "autolaunched" && body.start.buttonLabel) || "Start",
    underWay: null,
    inputs: inputsOf(body),
  }));
}
type Pinned = Awaited<ReturnType<typeof startableOn>>["approvals"][number];

/**
 * The active orchestrations and approval processes that this person may start on a record as it is, which the caller has asked the gate, and
 * those under way.
 */
export async function startable(
  object: string,
  recordId: string,
): Promise<{ orchestrations: Startable[]; approvals: RequestableApproval[] }> {
  const person = await requirePerson();
  const [found, row] = await Promise.all([startableOn(db(), object), readRecord(db(), recordId)]);
  const at = now().toISOString();
  const shown = async (all: readonly Pinned[]) => {
    const buttons = await withButtons(person, recordId, all);
    return all.flatMap((pinned, index) => {
      const button = buttons[index];
      const isOffered = button?.underWay || (row && meetsStart(pinned.body, recordValues(row), at));
      return button && isOffered ? [{ ...button, body: pinned.body }] : [];
    });
  };
  const approvals = may(person, "approval.request") ? await shown(found.approvals) : [];
  const orchestrations = may(person, "run.start") ? await shown(found.orchestrations) : [];
  return {
    orchestrations: orchestrations.map(({ body: _, ...one }) => one),
    approvals: approvals.map(({ body, ...one }) => ({ ...one, ...requestOf(body) })),
  };
}

/** An approval process that a record's page offers, with what its author lets the submitter say. */
export type RequestableApproval = Startable & {
  readonly description: string;
  readonly chooseApprover: "no" | "may" | "must";
  readonly hidesComments: boolean;
};

const requestOf = (body: Orchestration) => ({
  description: body.description,
  chooseApprover: body.approval?.chooseApprover ?? "no",
  hidesComments: body.approval?.hidesComments ?? false,
});

async function withButtons(person: Person, recordId: string, all: readonly Pinned[]): Promise<Startable[]> {
  const single = all.filter(({ body }) => isOneAtATime(body)).map(({ definitionId }) => definitionId);
  const open = await openRunsAbout(db(), recordId, single);
  return all.map(({ definitionId, body }) => {
    const { label, start } = body;
    const run = open.find((one) => one.definitionId === definitionId);
    const mayOpen = run && may(person, "run.read", run);
    const button = start.type === "autolaunched" ? start.buttonLabel : undefined;
    const underWay = run ? { runId: mayOpen ? run.runId : null, isDebug: run.isDebug } : null;
    return { definitionId, label, button: button ?? label, underWay, inputs: inputsOf(body) };
  });
}

/** The seals of the hash chains as they are now, for admins; null for others. Empty where none was made yet. */
export async function sealsToKeep(): Promise<ReadableStream | string | null> {
  const person = await requirePerson();
  if (!may(person, "audit.read")) return null;
  await recordSecurityEvent(null, { action: "seals-export", actorId: person.userId, objectId: null, allowed: true });
  const file = sealsIn(env().DATA_DIR);
  return existsSync(file) ? (Readable.toWeb(createReadStream(file)) as ReadableStream) : "";
}
