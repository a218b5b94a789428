import { and, eq } from "drizzle-orm";
import { outbox } from "../../../db/schema";
import type { RecordChange, Tx } from "../../../db/transaction";
import { sameValue } from "../../logic/compare";
import type { Person } from "../../people/current-person";
import { nameRecords } from "../../records/queries/name-targets";
import type { Played } from "../play-through";
import type { DebugTrace, TracedRecord } from "../schema/debug";
import type { RunPage } from "../schema/run-page";
import { runPage } from "./run-page";

/** Rows of each kind that a trace tells. */
const MAX_TOLD = 200;

/** What a run that is about to be undone did, for whoever played it; read in its own transaction. */
export async function debugTrace(
  tx: Tx,
  person: Person,
  { runId, played }: { runId: string; played: Played },
): Promise<DebugTrace> {
  const page = await runPage(tx.db, person, runId);
  if (!page) throw new Error("whoever plays a run may not see it");
  const mails = await tx.db
    .select({ content: outbox.content, reason: outbox.lastError })
    .from(outbox)
    .where(and(eq(outbox.runId, runId), eq(outbox.kind, "flow")))
    .limit(MAX_TOLD);
  return {
    page: { ...page, control: nothingToDo(page), mayReassign: false },
    stops: [...stopsOf(page), ...(played.bound === null ? [] : [played.bound])],
    flows: page.flows,
    records: await recordsOf(tx, person, played.changes.slice(0, MAX_TOLD)),
    mails: mails.map(({ content, reason }) => ({
      subject: (content as { subject: string }).subject,
      to: reason?.split(" was for ")[1] ?? "",
    })),
  };
}

/** The run is undone when its page is shown: nothing can be done to it any more. */
const nothingToDo = ({ control }: RunPage): RunPage["control"] => ({
  ...control,
  ...{ mayCancel: false, maySuspend: false, mayResume: false, retry: null, goTo: null, steps: [], items: [] },
});

function stopsOf({ stages, run, waits }: RunPage): string[] {
  if (run.endedAt !== null) return [];
  const steps = stages.flatMap((stage) => stage.steps);
  const open = steps.flatMap((step): string[] => {
    if (step.run?.status !== "in_progress") return [];
    if (step.run.items.some(({ status }) => status === "assigned"))
      return [`“${step.label}” waits for a person. Mock it to see what comes after it.`];
    if (step.kind === "external")
      return [
        `“${step.label}” calls another system, which a run that is rolled back does not. Mock it to see what comes after it.`,
      ];
    return step.why === null ? [] : [`“${step.label}”: ${step.why}`];
  });
  if (run.stalledReason !== null) return [...open, `It is stalled: ${run.stalledReason}`];
  if (waits?.dueAt) open.push("It waits for a time to come.");
  if (waits && waits.subjects.length > 0)
    open.push(`It waits for changes of ${waits.subjects.map(({ name }) => name).join(", ")}.`);
  if (waits?.lock) open.push("It waits for the lock of its record, which another run has.");
  return open;
}

async function recordsOf(tx: Tx, person: Person, changes: readonly RecordChange[]): Promise<TracedRecord[]> {
  const names: Record<string, string> = {};
  for (const object of new Set(changes.map((change) => change.object))) {
    const ids = changes.filter((change) => change.object === object).map(({ id }) => id);
    Object.assign(names, await nameRecords(tx.db, person, { object, ids }));
  }
  return changes.map(({ object, id, before, after }, at) => {
    const name = names[id] ?? null;
    const change = before === null ? "created" : after === null ? "deleted" : "changed";
    return { seq: at + 1, object, id, name, change, fields: name === null ? [] : fieldsOf(before, after) };
  });
}

const STAMPS = new Set(["Id", "UpdatedAt", "CreatedAt", "CreatedBy"]);

function fieldsOf(before: RecordChange["before"], after: RecordChange["after"]): TracedRecord["fields"] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.flatMap((name) => {
    const [was, is] = [before?.[name] ?? null, after?.[name] ?? null];
    return STAMPS.has(name) || sameValue(was, is) ? [] : [{ name, before: was, after: is }];
  });
}
