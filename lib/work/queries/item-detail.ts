import { and, eq, isNotNull } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { interview, type workItem } from "../../../db/schema";
import { activeFlows, orchestrationVersion, type Pinned } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import { itemById, stepById } from "../../engine/find";
import { hasSaid as hasSaidOn, isOthersThere, isSaidBy } from "../../engine/part-in-step";
import type { RunState, StepRun, WorkItem } from "../../engine/state";
import { proofInWords } from "../../engine/why";
import { may } from "../../gate";
import { isId } from "../../ids";
import type { Proof } from "../../logic/schema";
import type { Person } from "../../people/current-person";
import type { ApprovalSubject } from "../../people/delegation/in-place";
import type { StandIn } from "../../people/schema/delegation";
import { shownFile } from "../../records/queries/files-of";
import { nameIds } from "../../records/queries/name-ids";
import { type HeldRun, readRunOf } from "../../runs/hold-run";
import { decisionOf, involvedIn, subjectOf, submissionOf } from "../../runs/may-ask";
import { placeOn } from "../../runs/place-in";
import { standInsFor } from "../../runs/stand-ins-on";
import type { WorkDetail, WorkRow } from "../schema";
import { aboutRecord, idsAbout, toldOf } from "./about-record";
import { approvalDetail, idsInApproval } from "./approval-detail";
import { eventsInWords, idsIn, itemHistory, makerOf } from "./item-events";
import { soFar } from "./so-far";
import { whyHere } from "./why-here";
import { shownItem } from "./work-rows";

/**
 * One item as this person may see it, with why it is where it is and what they may do; null: not theirs to see, or none. Who had it, or
 * has other work of the run, sees what became of it: the link of an old mail leads here (F41). At most six questions to the database.
 */
export async function itemDetail(db: Database, person: Person, workItemId: string): Promise<WorkDetail | null> {
  const found = await findItem(db, person, workItemId);
  if (!found) return null;
  const { at, stored, past, place } = found;
  const { held, item, step, mayRead, definition } = at;
  const { askedBy } = held.row;
  const [about, hasDraft, standIns] = await Promise.all([aboutRecord(db, at), hasDraftOf(db, at), standInsOf(db, at)]);
  const { before } = about;
  const { claimedBy } = stored;
  const ids = [place?.delegatorId ?? null, askedBy, ...idsOf(stored), ...idsAbout(about)];
  const names = await nameIds(db, person, [...ids, ...idsIn(past), ...idsInApproval(held.state, before)]);
  const nameOf = (id: string) => names[id] ?? "Unknown";
  const shown: WorkRow = {
    type: "item",
    ...shownItem(stored, nameOf),
    ...{ hasDraft, isDebug: held.row.isDebug },
    claimedBy: claimedBy === null ? null : { id: claimedBy, name: nameOf(claimedBy) },
    requesterName: askedBy === null ? null : nameOf(askedBy),
  };
  const assigneeName = shown.assignee.id === person.userId ? "you" : shown.assignee.name;
  const defined = definedAs(definition, step);
  const told = toldOf(at, about, names);
  const whole = soFar(at, { sealed: before.decisions, nameOf });
  const asked = whoAsked(item, past, nameOf);
  const proof = mayRead && asked === null && step.entryProof ? await inWords(db, step.entryProof) : null;
  const rights = rightsOf(at);
  const common = { person, item, definition, state: held.state, before, place, nameOf };
  return {
    item: shown,
    description: defined?.description ?? "",
    why: whyHere({ ...deskOf(at, { proof, stored, past, nameOf }), asked, assigneeName }),
    proof,
    submissionComments: whole?.comments || null,
    facts: told.facts,
    files: about.files.map((file) => shownFile(file, nameOf)),
    prompt: item.prompt !== null && asked ? { text: item.prompt, byName: asked.byName } : null,
    approval:
      item.kind === "approval" && defined?.kind === "approval"
        ? approvalDetail({
            ...common,
            ...{
              step: defined,
              ...{ now: told.now, shownAs: told.shownAs },
              mayWork: rights.mayWork,
              askerOf: (questionId) => makerOf(past, questionId, nameOf) ?? "The process",
            },
          })
        : null,
    hasScreens: hasScreensOf(at),
    stages: may(person, "run.list") || askedBy === person.userId ? stagesOf(held.state, definition) : null,
    closed: closedOf(stored, nameOf),
    history: eventsInWords(past, nameOf),
    soFar: whole,
    ...rights,
    maySeeRun: may(person, "run.read", { askedBy }),
    mayOpenRecord: about.mayOpen,
    standIns,
  };
}

/** The item with what it belongs to; null: not theirs to know of. */
async function findItem(db: Database, person: Person, workItemId: string) {
  if (!isId("workItem", workItemId)) return null;
  const held = await readRunOf(db, workItemId);
  const item = held && itemById(held.state, workItemId);
  const stored = held?.items.find((one) => one.workItemId === workItemId);
  const step = held && item && stepById(held.state, item.stepRunId);
  if (!held || !item || !stored || !step) return null;
  const { askedBy } = held.row;
  const { approval, place } = await placeOn(db, person, {
    definitionId: held.row.definitionId,
    state: held.state,
    item,
  });
  const subject = { ...subjectOf(held.state, item), approval };
  const mayRead = may(person, "item.read", subject);
  if (!mayRead && !may(person, "run.know", { askedBy, involved: await involvedIn(db, stored) })) return null;
  const pinned = await orchestrationVersion(db, held.row.definitionId, held.row.definitionVersion);
  if (!pinned) return null;
  return {
    at: {
      person,
      held,
      pinned,
      definition: pinned.body,
      item,
      step,
      mayRead,
      approval,
      placeOf: place?.ok ? place.delegatorId : null,
    },
    stored,
    past: itemHistory(held.past),
    place,
  };
}

type At = {
  readonly person: Person;
  readonly held: HeldRun;
  readonly pinned: Pinned<Orchestration>;
  readonly definition: Orchestration;
  readonly item: WorkItem;
  readonly step: StepRun;
  readonly mayRead: boolean;
  /** Where the reader may decide in somebody's place. */
  readonly approval: ApprovalSubject | null;
  /** In whose, of this item; null: in nobody's. */
  readonly placeOf: string | null;
};

const idsOf = ({ claimedBy, completedBy, onBehalfOf, assigneeId }: typeof workItem.$inferSelect) => [
  claimedBy,
  completedBy,
  onBehalfOf,
  assigneeId,
];
const closedOf = (stored: typeof workItem.$inferSelect, nameOf: (id: string) => string): WorkDetail["closed"] =>
  stored.closedAt && {
    byName: closerOf(stored, nameOf),
    at: stored.closedAt.toISOString(),
    comments: stored.comments,
  };

/** "Ana", or "Ana for Ben". */
const closerOf = (
  { completedBy, onBehalfOf }: typeof workItem.$inferSelect,
  nameOf: (id: string) => string,
): string | null =>
  completedBy && (onBehalfOf === null ? nameOf(completedBy) : `${nameOf(completedBy)} for ${nameOf(onBehalfOf)}`);

/** Who decides in its assignee's place now. */
const standInsOf = (db: Database, { person, held, pinned, item }: At): Promise<StandIn[]> =>
  standInsFor(db, person, { process: pinned, state: held.state, item });

/** Whether it is done in screens: of a question in those for answers, else in its step's; what was sent back has none. */
function hasScreensOf({ definition, item, step }: At): boolean {
  if (item.kind !== "question") return item.kind !== "revision" && step.flow !== null;
  const defined = definedAs(definition, step);
  return defined?.kind === "approval" && defined.answers !== undefined;
}

/** Whether this person has typed something into its form; only what has a form may. */
async function hasDraftOf(db: Database, at: At): Promise<boolean> {
  if (!hasScreensOf(at)) return false;
  const { person, item } = at;
  const [draft] = await db
    .select({ id: interview.interviewId })
    .from(interview)
    .where(
      and(
        eq(interview.workItemId, item.id),
        eq(interview.userId, person.userId),
        eq(interview.status, "open"),
        isNotNull(interview.draft),
      ),
    )
    .limit(1);
  return draft !== undefined;
}

async function inWords(db: Database, proof: Proof): Promise<Proof> {
  if (proof.logic !== "flow") return proof;
  const flows = await activeFlows(
    db,
    proof.requirements.map(({ left }) => left),
  );
  return proofInWords(proof, (name) => flows[name]?.label ?? name);
}

function rightsOf({ person, held: { state }, definition, item, step, approval, placeOf }: At) {
  const subject = { ...subjectOf(state, item), approval };
  const submission = submissionOf({ definition, state });
  const isOthers =
    item.kind !== "approval" || may(person, "approval.decide", decisionOf({ definition, state }, approval));
  const isSaid = isSaidBy(state, item, person.userId);
  // In the same one's place they may go on, but nobody has two says on one step.
  const hasSaid = placeOf
    ? hasSaidOn(state, step.id, person.userId) || [person.userId, placeOf].some((id) => isOthersThere(state, item, id))
    : isSaid;
  const mayClaim = isOthers && !isSaid && !item.voting && may(person, "item.claim", subject);
  return {
    hasSaid,
    mayWork: isOthers && !hasSaid && !item.voting && may(person, "item.work", subject),
    mayClaim: mayClaim && subject.claimedBy === null,
    mayTakeOver: mayClaim && subject.claimedBy !== null && subject.claimedBy !== person.userId,
    mayRelease: may(person, "item.release", subject),
    mayReassign:
      may(person, "item.reassign", subject) &&
      may(person, "approval.steer", submission) &&
      !item.voting &&
      !(item.kind === "approval" && item.parentId),
  };
}

const definedAs = (definition: Orchestration, step: StepRun) =>
  stepsOf(definition).find(({ name }) => name === step.name);

const stepsOf = ({ elements }: Orchestration) =>
  elements.flatMap((element) => (element.type === "stage" ? element.steps : []));

type Told = {
  readonly proof: Proof | null;
  readonly stored: typeof workItem.$inferSelect;
  readonly past: ReturnType<typeof itemHistory>;
  readonly nameOf: (id: string) => string;
};

function deskOf({ definition }: At, { proof, stored, past, nameOf }: Told) {
  const last = past.findLast(({ event }) => event.type === "work-item-reassigned");
  const reason = last?.event.type === "work-item-reassigned" ? (last.event.reason ?? "") : "";
  return {
    ...{ proof, stageLabel: stored.stageLabel, flag: stored.flag },
    stepLabels: new Map(stepsOf(definition).map(({ name, label }) => [name, label])),
    moved: last ? { byName: last.row.actorId === null ? "Baton" : nameOf(last.row.actorId), reason } : null,
  };
}

/** Who sent back or asked, of a revision or a question. */
function whoAsked({ id, kind }: WorkItem, past: Told["past"], nameOf: Told["nameOf"]) {
  if (kind !== "revision" && kind !== "question") return null;
  return { kind, byName: makerOf(past, id, nameOf) ?? "The process" };
}

const stagesOf = ({ stages }: RunState, { elements }: Orchestration): NonNullable<WorkDetail["stages"]> =>
  elements.flatMap(({ type, name, label }) =>
    type === "stage" ? [{ name, label, status: stages.findLast((one) => one.name === name)?.status ?? null }] : [],
  );
