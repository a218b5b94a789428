import { and, desc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { assignment, run, stageRun, stepRun, submission, workItem } from "../../../db/schema";
import { activeFlows, orchestrationVersion } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import { proofInWords } from "../../engine/why";
import { may } from "../../gate";
import { isId } from "../../ids";
import type { Proof } from "../../logic/schema";
import type { Person } from "../../people/current-person";
import { namesOf } from "../../people/queries";
import { mayOpenRecord } from "../../records/queries/name-targets";
import { involvedIn } from "../../runs/may-ask";
import type { ItemSubject } from "../policy";
import type { WorkDetail, WorkRow } from "../schema";
import { itemEvents } from "./item-events";
import { recordFacts } from "./record-facts";
import { whyHere } from "./why-here";
import { findItems, shownItems } from "./work-rows";

/**
 * One item as this person may see it, with why it is where it is and what they may do; null: not theirs to see, or none. Who had it, or
 * has other work of the run, sees what became of it: the link of an old mail leads here (F41).
 */
export async function itemDetail(db: Database, person: Person, workItemId: string): Promise<WorkDetail | null> {
  const [found] = isId("workItem", workItemId)
    ? await findItems(db, person.userId, { where: eq(workItem.workItemId, workItemId), order: [], limit: 1 })
    : [];
  if (!found) return null;
  const { item, startedBy } = found;
  const subject: ItemSubject = { ...item, startedBy };
  const mayRead = may(person, "item.read", subject);
  if (!mayRead && !may(person, "run.know", { startedBy, involved: await involvedIn(db, item.runId) })) return null;
  const [[row], step, moved, [submitted], events, facts, opensRecord] = await Promise.all([
    shownItems(db, [found]),
    stepOf(db, item),
    lastMove(db, item),
    db.select().from(submission).where(eq(submission.runId, item.runId)).limit(1),
    itemEvents(db, item),
    recordFacts(db, person, item.recordId),
    opens(db, person, item),
  ]);
  if (!row || !step) return null;
  const defined = step.definition.elements.flatMap((element) => (element.type === "stage" ? element.steps : []));
  const stepLabels = new Map(defined.map(({ name, label }) => [name, label]));
  const { entryProof, name, flow } = step.step;
  const proof = mayRead && entryProof ? await inWords(db, entryProof) : null;
  return {
    item: row,
    description: defined.find((one) => one.name === name)?.description ?? "",
    why: whyHere({
      proof,
      stageLabel: item.stageLabel,
      stepLabels,
      assigneeName: row.assignee.name,
      flag: item.flag,
      moved,
    }),
    proof,
    submissionComments: submitted?.comments || null,
    facts,
    hasScreens: flow !== null,
    stages:
      may(person, "run.list") || startedBy === person.userId ? await stagesOf(db, item.runId, step.definition) : null,
    closed: await closedBy(db, item, row),
    history: events,
    ...rights(person, subject, {
      submittedBy: item.kind === "approval" ? (submitted?.submittedBy ?? null) : null,
      allowsOwn: step.definition.approval?.allowsSelfApproval ?? false,
    }),
    maySeeRun: may(person, "run.read", { startedBy }),
    mayOpenRecord: opensRecord,
  };
}

const opens = async (db: Database, person: Person, { recordType: object, recordId: id }: ItemRow): Promise<boolean> =>
  object !== null && id !== null && mayOpenRecord(db, person, { object, id });

async function inWords(db: Database, proof: Proof): Promise<Proof> {
  if (proof.logic !== "flow") return proof;
  const flows = await activeFlows(
    db,
    proof.requirements.map(({ left }) => left),
  );
  return proofInWords(proof, (name) => flows[name]?.label ?? name);
}

type ItemRow = typeof workItem.$inferSelect;

function rights(
  person: Person,
  subject: ItemSubject,
  submission: { readonly submittedBy: string | null; readonly allowsOwn: boolean },
) {
  const isOthers = submission.submittedBy === null || may(person, "approval.decide", submission);
  const mayClaim = isOthers && may(person, "item.claim", subject);
  return {
    mayWork: isOthers && may(person, "item.work", subject),
    mayClaim: mayClaim && subject.claimedBy === null,
    mayTakeOver: mayClaim && subject.claimedBy !== null && subject.claimedBy !== person.userId,
    mayRelease: may(person, "item.release", subject),
    mayReassign: may(person, "item.reassign", subject),
  };
}

async function stepOf(db: Database, { runId, stepRunId }: ItemRow) {
  const [row] = await db
    .select({ step: stepRun, definitionId: run.definitionId, version: run.definitionVersion })
    .from(stepRun)
    .innerJoin(run, eq(run.runId, stepRun.runId))
    .where(and(eq(stepRun.runId, runId), eq(stepRun.stepRunId, stepRunId)));
  const pinned = row && (await orchestrationVersion(db, row.definitionId, row.version));
  return row && pinned ? { step: row.step, definition: pinned.body } : null;
}

async function lastMove(
  db: Database,
  { runId, workItemId, assignmentNo }: ItemRow,
): Promise<{ byName: string; reason: string } | null> {
  if (assignmentNo === 1) return null;
  const [last] = await db
    .select({ by: assignment.byId, reason: assignment.reason })
    .from(assignment)
    .where(and(eq(assignment.runId, runId), eq(assignment.workItemId, workItemId)))
    .orderBy(desc(assignment.assignmentNo))
    .limit(1);
  if (!last) return null;
  const names = last.by === null ? {} : await namesOf(db, [{ type: "user", id: last.by }]);
  return { byName: names[last.by ?? ""] ?? "Baton", reason: last.reason };
}

async function stagesOf(
  db: Database,
  runId: string,
  { elements }: Orchestration,
): Promise<NonNullable<WorkDetail["stages"]>> {
  const rows = await db
    .select({ name: stageRun.name, status: stageRun.status })
    .from(stageRun)
    .where(eq(stageRun.runId, runId))
    .orderBy(stageRun.ordinal);
  return elements.flatMap((element) =>
    element.type === "stage"
      ? [
          {
            name: element.name,
            label: element.label,
            status: rows.findLast(({ name }) => name === element.name)?.status ?? null,
          },
        ]
      : [],
  );
}

async function closedBy(
  db: Database,
  { completedBy, comments }: ItemRow,
  { closedAt }: WorkRow,
): Promise<WorkDetail["closed"]> {
  if (closedAt === null) return null;
  const names = completedBy === null ? {} : await namesOf(db, [{ type: "user", id: completedBy }]);
  return { byName: completedBy === null ? null : (names[completedBy] ?? "Unknown"), at: closedAt, comments };
}
