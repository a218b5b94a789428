import { and, eq, sql } from "drizzle-orm";
import { type Database, db } from "../../db/client";
import { assignment, run, stepRun, submission, user, workItem } from "../../db/schema";
import { orchestrationVersion } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import { formatInstant } from "../logic/display";
import type { Proof } from "../logic/schema";
import type { Asked, Summary } from "../notify/summary-port";
import { namesOf } from "../people/queries";
import { whyHere } from "../work/queries/why-here";
import { factsForMail } from "./mail-facts";

type Found = NonNullable<Awaited<ReturnType<typeof findItem>>>;

/**
 * What the mail about an approval item says of it, as things are when it is sent: read as Baton itself, so nothing of the record but what the
 * author marked (S56). Null: the item is not with that assignment any more.
 */
export async function summariseForMail({ workItemId, assignmentNo, timeZone }: Asked): Promise<Summary | null> {
  const found = await findItem(db(), workItemId);
  if (found?.item.assignmentNo !== assignmentNo) return null;
  const pinned = await orchestrationVersion(db(), found.definitionId, found.definitionVersion);
  if (!pinned) return null;
  const step = stepsOf(pinned.body).find(({ name }) => name === found.step.name);
  if (step?.kind !== "approval") return null;
  const { item, now } = found;
  const [askedBy, why, { shown, ...marked }] = await Promise.all([
    nameOf(db(), found.submittedBy),
    whyInMail(db(), found, pinned.body),
    factsForMail(db(), { pinned, runId: item.runId, recordId: item.recordId }),
  ]);
  const approval = {
    askedBy,
    comments: found.comments || null,
    ...marked,
    why,
    due: item.dueAt && dueIn(item.dueAt, now, timeZone),
    outcomes: step.outcomes.map(({ label }) => label),
    takesReply: !pinned.body.approval?.asksPassword,
  };
  return { approval, shown };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** By when, where the reader lives: the hour of today, the weekday within a week, else the day. Without a zone of theirs in UTC, which is said. */
function dueIn(at: Date, now: Date, timeZone: string | null): { short: string; full: string } {
  const zone = timeZone ?? "UTC";
  const words = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options })
      .format(at)
      .replace("Sept", "Sep");
  const weekday = words({ weekday: "short" });
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
  const full = `${weekday}, ${formatInstant(at.toISOString(), zone)}${timeZone === null ? " UTC" : ""}`;
  if (day.format(at) === day.format(now)) return { short: words({ hour: "2-digit", minute: "2-digit" }), full };
  const isNear = at > now && at.getTime() - now.getTime() < 6 * DAY_MS;
  return { short: isNear ? weekday : words({ day: "numeric", month: "short" }), full };
}

const stepsOf = ({ elements }: Orchestration) =>
  elements.flatMap((element) => (element.type === "stage" ? element.steps : []));

async function findItem(database: Database, workItemId: string) {
  const [row] = await database
    .select({
      item: workItem,
      step: { name: stepRun.name, entryProof: stepRun.entryProof },
      definitionId: run.definitionId,
      definitionVersion: run.definitionVersion,
      submittedBy: submission.submittedBy,
      comments: submission.comments,
      now: sql<Date>`clock_timestamp()`.mapWith(workItem.createdAt),
    })
    .from(workItem)
    .innerJoin(run, eq(run.runId, workItem.runId))
    .innerJoin(stepRun, and(eq(stepRun.runId, workItem.runId), eq(stepRun.stepRunId, workItem.stepRunId)))
    .leftJoin(submission, eq(submission.runId, workItem.runId))
    .where(and(eq(workItem.workItemId, workItemId), eq(workItem.status, "assigned")));
  return row ?? null;
}

/** Null for Baton itself, too. */
async function nameOf(database: Database, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const [row] = await database
    .select({ name: user.name })
    .from(user)
    .where(and(eq(user.userId, userId), eq(user.kind, "person")));
  return row?.name ?? null;
}

async function whyInMail(database: Database, { item, step }: Found, definition: Orchestration): Promise<string> {
  const { assigneeType: type, assigneeId: id, assignmentNo } = item;
  const [names, moved] = await Promise.all([
    namesOf(database, [{ type, id }]),
    assignmentNo === 1 ? null : lastMove(database, item),
  ]);
  return whyHere({
    proof: step.entryProof && withoutValues(step.entryProof),
    stageLabel: item.stageLabel,
    stepLabels: new Map(stepsOf(definition).map(({ name, label }) => [name, label])),
    assigneeName: type === "user" ? "you" : (names[id] ?? "you"),
    flag: item.flag,
    asked: null,
    moved,
  });
}

/** What a condition saw of how the run stands; what it saw of the record is no mail's to tell. */
const withoutValues = (proof: Proof): Proof => ({
  ...proof,
  requirements: proof.requirements.filter(({ left }) => /^[A-Za-z]\w*\.(Status|HasError|WasVisited)$/.test(left)),
});

async function lastMove(
  database: Database,
  { runId, workItemId, assignmentNo }: Found["item"],
): Promise<{ byName: string; reason: string } | null> {
  const [last] = await database
    .select({ by: user.name, reason: assignment.reason })
    .from(assignment)
    .leftJoin(user, eq(user.userId, assignment.byId))
    .where(
      and(
        eq(assignment.runId, runId),
        eq(assignment.workItemId, workItemId),
        eq(assignment.assignmentNo, assignmentNo),
      ),
    )
    .limit(1);
  return last ? { byName: last.by ?? "Baton", reason: last.reason } : null;
}
