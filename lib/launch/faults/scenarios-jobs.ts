import { saveRecord } from "../../records/commands/save-record";
import { ok } from "../../result";
import { startRun } from "../../runs/start";
import { claimJobs, claimSuspect } from "../../worker/claim-jobs";
import { makeHolder } from "../../worker/holder";
import { perform } from "../../worker/perform";
import { type Scenario, scenario, started } from "./scenario";
import { aRecord, must } from "./world";

/** What a worker does. */
const AT_ONCE = 4;
const never = new AbortController().signal;

/** Every job that is due, one after the other, as one worker does them; those at which workers died before last. */
export async function doJobs() {
  for (;;) {
    const claimed = await claimJobs(AT_ONCE);
    const jobs = claimed.length > 0 ? claimed : [await claimSuspect()].flatMap((job) => job ?? []);
    if (jobs.length === 0) return ok(null);
    const holder = makeHolder();
    for (const job of jobs) await perform(job, holder, never);
  }
}

/** What the worker does for the flows of an orchestration that has begun. */
const flowsOf = (name: string, orchestration: string): Scenario =>
  scenario<null>({
    name,
    inPieces: true,
    async prepare({ ann }) {
      await started(ann, orchestration);
      return null;
    },
    act: doJobs,
  });

export const JOBS: readonly Scenario[] = [
  scenario<null>({
    name: "wake by a job",
    inPieces: true,
    async prepare({ ann }) {
      const recordId = await aRecord(ann);
      await must(ann, (tx) => startRun(tx, ann, { definitionId: "Waits", recordId, inputs: {} }));
      await must(ann, (tx) => saveRecord(tx, ann, { object: "Thing", id: recordId, values: { Status: "Ready" } }));
      return null;
    },
    act: doJobs,
  }),
  scenario<null>({
    name: "a flow that waited goes on",
    inPieces: true,
    async prepare({ ann }) {
      const recordId = await aRecord(ann);
      await must(ann, (tx) => startRun(tx, ann, { definitionId: "Awaits", recordId, inputs: {} }));
      await doJobs();
      await must(ann, (tx) => saveRecord(tx, ann, { object: "Thing", id: recordId, values: { Status: "Ready" } }));
      return null;
    },
    act: doJobs,
  }),
  flowsOf("a background flow finishes", "Later"),
  flowsOf("a flow locks the record, another unlocks it", "Locks_It"),
  flowsOf("steps of asynchronous flows", "Long_Flow"),
];
