import { and, eq } from "drizzle-orm";
import { db } from "../../../db/client";
import { stepRun } from "../../../db/schema";
import type { Command } from "../../engine/command";
import type { Person } from "../../people/current-person";
import { saveRecord } from "../../records/commands/save-record";
import { ok } from "../../result";
import { cancelRun, retryRun } from "../../runs/commands";
import { dispatch } from "../../runs/dispatch";
import { startRun } from "../../runs/start";
import { completeItem } from "../../work/commands/complete-item";
import { itemOf, type Scenario, scenario, started } from "./scenario";
import { aRecord, type Cast, commanded, must } from "./world";

/** What is done to whole runs, and what starts them. */
type OnRun = { readonly person: Person; readonly runId: string };
type OnRecord = { readonly person: Person; readonly recordId: string };

type ByAdmin = OnRun & { readonly command: Command };

const give = ({ person, runId, command }: ByAdmin, key: string) =>
  commanded(person, key, async (tx) => {
    const done = await dispatch(tx, person, { runId, command });
    return done.ok ? ok(null) : done;
  });

/** A command of run control that ada gives a run of ann's. */
const controlling = (name: string, command: (runId: string, cast: Cast) => Promise<Command>): Scenario =>
  scenario<ByAdmin>({
    name,
    async prepare(cast) {
      const runId = await started(cast.ann, "Two_Stages");
      return { person: cast.ada, runId, command: await command(runId, cast) };
    },
    act: give,
  });

async function stepOf(runId: string, name: string): Promise<string> {
  const [step] = await db()
    .select({ id: stepRun.stepRunId })
    .from(stepRun)
    .where(and(eq(stepRun.runId, runId), eq(stepRun.name, name)));
  if (!step) throw new Error(`${runId} has no step ${name}`);
  return step.id;
}

const reason = "because an admin says so";

export const CONTROL: readonly Scenario[] = [
  controlling("suspend", async () => ({ type: "suspend", reason })),
  controlling("resume, with an answer stored meanwhile", async (runId, { ada, ann }) => {
    const workItemId = await itemOf(runId, "Fill");
    await must(ada, (tx) => dispatch(tx, ada, { runId, command: { type: "suspend", reason } }));
    await must(ann, (tx) => completeItem(tx, ann, { workItemId, outputs: { comment: "meanwhile" } }));
    return { type: "resume", reason };
  }),
  controlling("skip a step", async (runId) => ({
    type: "skip-step",
    stepRunId: await stepOf(runId, "Fill"),
    reason,
    outputs: { comment: "taken as said" },
  })),
  controlling("fail a step", async (runId) => ({ type: "fail-step", stepRunId: await stepOf(runId, "Fill"), reason })),
  controlling("go to a stage", async () => ({ type: "go-to-stage", stage: "Second", reason })),
];

export const RUNS: readonly Scenario[] = [
  scenario<OnRecord>({
    name: "start",
    prepare: async ({ ann }) => ({ person: ann, recordId: await aRecord(ann) }),
    act: ({ person, recordId }, key) =>
      commanded(person, key, (tx) => startRun(tx, person, { definitionId: "Two_Stages", recordId, inputs: {} })),
  }),
  scenario<OnRun>({
    name: "cancel",
    prepare: async ({ ada, ann }) => ({ person: ada, runId: await started(ann, "Two_Stages") }),
    act: ({ person, runId }, key) => commanded(person, key, (tx) => cancelRun(tx, person, { runId, reason: "enough" })),
  }),
  scenario<OnRun>({
    name: "retry",
    prepare: async ({ ada, ann }) => ({ person: ada, runId: await started(ann, "Breaks") }),
    act: ({ person, runId }, key) => commanded(person, key, (tx) => retryRun(tx, person, { runId, reason: "again" })),
  }),
  scenario<{ readonly person: Person }>({
    name: "save a record that starts a run",
    prepare: async ({ ann }) => ({ person: ann }),
    act: ({ person }, key) =>
      commanded(person, key, (tx) => saveRecord(tx, person, { object: "Order", name: "An order", values: {} })),
  }),
];
