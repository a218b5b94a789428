import { eq, sql } from "drizzle-orm";
import { db } from "../../../db/client";
import { job, outbox } from "../../../db/schema";
import { now } from "../../clock";
import { signatureOf } from "../../connect/check-signature";
import { allowHost } from "../../connect/commands/allow-host";
import { createOperation } from "../../connect/commands/describe-operation";
import { createConnection } from "../../connect/commands/keep-connection";
import { createSource } from "../../connect/commands/keep-source";
import { newOperationInput } from "../../connect/schema/operation";
import { importDefinitions } from "../../definitions/commands/import-definitions";
import { saveRecord } from "../../records/commands/save-record";
import type { Result } from "../../result";
import { startRun } from "../../runs/start";
import { takeEvent } from "../../runs/take-event";
import { orchestration, stage } from "./definition-parts";
import { itemOf, type Outside, type Scenario, scenario, started } from "./scenario";
import { acting, actingOnMany } from "./scenario-acts";
import { doJobs } from "./scenarios-jobs";
import { aRecord, type Cast, must } from "./world";

/** What runs wait for beside people and records: time, other systems, events; and what is given up. */
const later = (hours: number) =>
  sql.raw(`create schema if not exists later;
  create or replace function later.clock_timestamp() returns timestamptz language sql volatile
    as $$ select pg_catalog.clock_timestamp() + interval '${hours} hours' $$;
  do $$ begin execute format('alter database %I set search_path = later, public, pg_catalog', current_database()); end $$`);

/** What a worker does with what is prepared. */
const jobs = (name: string, prepare: (cast: Cast, outside: Outside) => Promise<unknown>): Scenario =>
  scenario<null>({
    name,
    inPieces: true,
    async prepare(cast, outside) {
      await prepare(cast, outside);
      return null;
    },
    act: doJobs,
  });

const operation = (connectionId: string) => {
  const output = { type: "object", properties: { result: { type: "string" } }, required: ["result"] };
  const { key: _, ...described } = newOperationInput.parse({
    ...{ key: "irrelevant", name: "Call", label: "Call", connectionId, method: "POST", path: "/" },
    ...{ input: { type: "object" }, output },
  });
  return described;
};

/** A run whose one step waits for the answer of the other system at that address. */
async function calling({ ada, ann }: Cast, { httpUrl }: Outside): Promise<void> {
  await must(ada, (tx) => allowHost(tx, ada, { origin: httpUrl }));
  const connection = { label: "Other system", baseUrl: httpUrl, credentialId: null };
  const { connectionId } = await must(ada, (tx) => createConnection(tx, ada, connection));
  await must(ada, (tx) => createOperation(tx, ada, operation(connectionId)));
  const step = { kind: "external", name: "Call", label: "Call", operation: "Call", inputs: {} };
  const content = orchestration("Calls", [stage("First", [step])]);
  await must(ada, (tx) => importDefinitions(tx, ada, { content, activate: true }));
  await started(ann, "Calls");
}

/** Its tries are used up: whoever claims it next gives it up. */
const usedUp = () => db().update(job).set({ attempts: job.maxAttempts }).where(eq(job.status, "queued"));

type Event = { readonly body: string };
const SECRET = `batev_${"s".repeat(43)}`;

async function source({ ada }: Cast, definitionId: string): Promise<void> {
  const given = { name: "shop", label: "Shop", definitionId, secret: SECRET };
  await must(ada, (tx) => createSource(tx, ada, given));
}

/** Signed anew at each try, as whoever sends it again must; the nonce is its key. */
function reported({ body }: Event, key: string): Promise<Result<unknown>> {
  const bytes = Buffer.from(body);
  const nonce = key.replaceAll(" ", "-");
  const seconds = Math.floor(now().getTime() / 1_000);
  return takeEvent({ source: "shop", signature: signatureOf(SECRET, { seconds, nonce }, bytes), body: bytes });
}

export const WAITS: readonly Scenario[] = [
  jobs("a reminder, an escalation and a time-out are due", async ({ ann }) => {
    await started(ann, "Ladder");
    await db().execute(later(2));
  }),
  jobs("another system is called", calling),
  jobs("a flow fails behind what it has committed", ({ ann }) => started(ann, "Fails_Late")),
  jobs("a flow's tries are used up", async ({ ann }) => {
    await started(ann, "Later");
    await usedUp();
  }),
  jobs("a flow tried before is followed by another", async ({ ann }) => {
    await started(ann, "Two_Flows");
    await db().update(job).set({ attempts: 1 }).where(eq(job.status, "queued"));
  }),
  jobs("the tries to wake a run are used up", async ({ ann }) => {
    const recordId = await aRecord(ann);
    await must(ann, (tx) => startRun(tx, ann, { definitionId: "Waits", recordId, inputs: {} }));
    await must(ann, (tx) => saveRecord(tx, ann, { object: "Thing", id: recordId, values: { Status: "Ready" } }));
    await usedUp();
  }),
  jobs("no mail could be delivered", async ({ ann }) => {
    const runId = await started(ann, "Two_Stages");
    const workItemId = await itemOf(runId, "Fill");
    await db().update(outbox).set({ status: "dead", lastError: "unknown" }).where(eq(outbox.workItemId, workItemId));
    const payload = JSON.stringify({ workItemId, assignmentNo: 1 });
    await db().execute(sql`
      insert into job (job_id, kind, run_id, payload, run_at, created_at)
      values ('job_${sql.raw("0".repeat(26))}', 'note_undelivered', ${runId}, ${payload}::jsonb, clock_timestamp(), clock_timestamp())`);
  }),
  acting("start, with an evaluation flow", "run.start", async ({ ann }) => ({
    person: ann,
    input: { definitionId: "Judged", recordId: await aRecord(ann) },
  })),
  acting("retry with edited inputs", "run.retry", async ({ ada, ann }) => ({
    person: ada,
    input: { runId: await started(ann, "Breaks"), reason: "again", inputs: { Work: { recordId: await aRecord(ann) } } },
  })),
  actingOnMany("reassign many", "item.reassign", async ({ bea, ann, hal }) => {
    const runs = [await started(ann, "Two_Stages"), await started(ann, "Two_Stages")];
    const workItemIds = await Promise.all(runs.map((runId) => itemOf(runId, "Also")));
    return { person: bea, input: { workItemIds, to: { type: "user", id: hal.userId }, reason: "hal knows" } };
  }),
  scenario<Event>({
    name: "an event starts a run that nobody can be given",
    async prepare(cast) {
      await source(cast, "Orphaned");
      return { body: JSON.stringify({ recordId: await aRecord(cast.ann), inputs: {} }) };
    },
    act: reported,
  }),
  scenario<Event>({
    name: "an event wakes a run",
    async prepare(cast) {
      await source(cast, "Two_Stages");
      return { body: JSON.stringify({ runId: await started(cast.ann, "Two_Stages") }) };
    },
    act: reported,
  }),
];
