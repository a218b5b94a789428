import { eq } from "drizzle-orm";
import { outbox } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { orchestrationVersion } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import type { RunState } from "../engine/state";
import type { Person } from "../people/current-person";
import { namesOf, type Place } from "../people/queries";
import { ok, type Result } from "../result";
import { dispatch } from "../runs/dispatch";
import { holdRun } from "../runs/hold-run";
import { playThrough } from "../runs/play-through";
import { tryOut } from "../runs/try-out";
import type { Ahead } from "./schema";
import { stopsIn } from "./stops-in";

/** Its transaction holds the run meanwhile, and somebody waits for the answer. */
const SECONDS = 3;
/** Recipients that are named. */
const MAX_NAMED = 8;

type Choice = { readonly workItemId: string; readonly outcome: string };

/**
 * What happens next if this person decides that way: the real command on the real run, with what the worker would do after it, all of it
 * rolled back. Refusals: those of deciding.
 */
export const lookAhead = (person: Person, choice: Choice): Promise<Result<Ahead>> =>
  tryOut(person.userId, (tx) => play(tx, person, choice));

async function play(tx: Tx, person: Person, { workItemId, outcome }: Choice): Promise<Result<Ahead>> {
  const before = await holdRun(tx, { workItemId });
  const told = before ? await messagesOf(tx, before.row.runId) : new Set<string>();
  // A reason that it may demand is not what is asked here.
  const outputs = { approvalDecision: outcome, approvalComments: "…" };
  const done = await dispatch(tx, person, { workItemId, command: { type: "complete-work-item", workItemId, outputs } });
  if (!done.ok) return done;
  const { runId } = done.value;
  const { bound } = await playThrough(tx, runId, SECONDS);
  const after = await holdRun(tx, { runId });
  const pinned = after && (await orchestrationVersion(tx.db, after.row.definitionId, after.row.definitionVersion));
  if (!before || !after || !pinned) throw new Error("a run was decided on and is not there");
  const mails = await mailsSince(tx, runId, told);
  return ok(await shown(tx, { before: before.state, after: after.state, definition: pinned.body, mails, bound }));
}

type Mail = { readonly recipientId: string | null; readonly recipient: string | null };

async function messagesOf(tx: Tx, runId: string): Promise<Set<string>> {
  const rows = await tx.db.select({ id: outbox.messageId }).from(outbox).where(eq(outbox.runId, runId));
  return new Set(rows.map(({ id }) => id));
}

async function mailsSince(tx: Tx, runId: string, told: ReadonlySet<string>): Promise<Mail[]> {
  const rows = await tx.db.select().from(outbox).where(eq(outbox.runId, runId));
  return rows.filter(({ messageId, status }) => status === "queued" && !told.has(messageId));
}

type Seen = {
  readonly before: RunState;
  readonly after: RunState;
  readonly definition: Orchestration;
  readonly mails: readonly Mail[];
  readonly bound: string | null;
};

async function shown(tx: Tx, { before, after, definition, mails, bound }: Seen): Promise<Ahead> {
  const fresh = after.items.filter(
    (item) => item.status === "assigned" && item.parentId === null && !before.items.some(({ id }) => id === item.id),
  );
  const people = mails.flatMap(({ recipientId: id }): Place[] => (id === null ? [] : [{ type: "user", id }]));
  const names = await namesOf(tx.db, [...fresh.map(({ assignee }) => assignee), ...people]);
  const told = new Set(
    mails.flatMap(({ recipientId, recipient }) =>
      recipientId === null ? (recipient ?? []) : (names[recipientId] ?? []),
    ),
  );
  const steps = definition.elements.flatMap((element) =>
    element.type === "stage" ? element.steps.map((step) => ({ ...step, stage: element })) : [],
  );
  const defined = (name: string) => steps.find((step) => step.name === name);
  const begun = after.steps.filter(
    ({ id, status, kind }) =>
      (kind === "background" || kind === "external") &&
      status !== "not_started" &&
      before.steps.find((step) => step.id === id)?.startedAt == null,
  );
  const ended =
    after.submission && after.submission.status !== before.submission?.status ? after.submission.status : null;
  return {
    next: fresh.map(({ label, stepRunId, assignee }) => {
      const step = defined(after.steps.find(({ id }) => id === stepRunId)?.name ?? "");
      return { label, stageLabel: step?.stage.label ?? "", name: names[assignee.id] ?? "somebody" };
    }),
    runs: begun.filter(({ startedAt }) => startedAt !== null).map(({ name }) => defined(name)?.label ?? name),
    mails: { names: [...told].toSorted().slice(0, MAX_NAMED), more: Math.max(0, told.size - MAX_NAMED) },
    ends: ended,
    stops: [...stopsIn(after, definition), ...(bound === null ? [] : ["There is more to do than can be shown here."])],
  };
}
