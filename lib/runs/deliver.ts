import { announce, type LiveTopic } from "../../db/live";
import type { Tx } from "../../db/transaction";
import type { Orchestration } from "../engine/definition";
import type { DeferredEffect } from "../engine/effect";
import { itemById } from "../engine/find";
import { isBarredFrom } from "../engine/own-request";
import type { WorkItem } from "../engine/state";
import { submittersOf } from "../engine/submitters";
import { queueAssignmentMails, withdrawAssignmentMails } from "../notify/commands";
import { askerOf } from "./asker-of";
import { keepSubmission } from "./keep-submission";
import { leaveJob } from "./leave-job";
import { lockRecord, unlockRecord } from "./lock-record";
import { pathOfRecord } from "./path-of-record";
import { sayersOf } from "./place-in";
import { nameOfRecord } from "./queries/name-of-record";
import type { Change } from "./record";
import { sealDecision } from "./seal-decision";
import { remindOf, tellOfAnswer } from "./tell-again";
import { tellOfFailure } from "./tell-of-failure";
import { tellSubmitter } from "./tell-submitter";

/** Turns what the engine wants done later into rows of the same commit: jobs and mails. And tells open pages. */
export async function deliver(tx: Tx, change: Change, effects: readonly DeferredEffect[]): Promise<void> {
  // A run has one clock: of several instants the last word counts.
  const clock = effects.findLast(({ type }) => type === "wake-at");
  const wanted = effects.filter((effect) => effect.type !== "wake-at" || effect === clock);
  await Promise.all(wanted.map((effect) => leave(tx, change, effect)));
  for (const topic of topicsOf(change)) announce(tx, topic);
}

async function leave(tx: Tx, change: Change, effect: DeferredEffect): Promise<void> {
  const { run } = change.after;
  switch (effect.type) {
    case "queue-flow":
    case "call-operation":
    case "cancel-jobs":
    case "wake-at":
      return leaveJob(tx, run.id, effect);
    case "lock-record":
      return lockRecord(tx, run.id, effect);
    case "unlock-record":
      return unlockRecord(tx, run.id, effect.recordId);
    case "withdraw-assignment":
      return withdrawAssignmentMails(tx, effect.workItemId);
    case "carry-assignment":
      return tellAssignee(tx, change, { ...effect, ...FIRST, skipBecause: "the work was done before the run failed" });
    case "withdraw-from":
      return withdrawAssignmentMails(tx, effect.workItemId, effect.userId);
    case "notify-assignment":
      return tellAssignee(tx, change, run.debug ? { ...effect, skipBecause: "a debug run sends no mail" } : effect);
    case "notify-reminder":
      return run.debug ? undefined : remindOf(tx, change, effect);
    case "notify-answer":
      return run.debug ? undefined : tellOfAnswer(tx, change, effect);
    case "seal-decision":
      return sealDecision(tx, change, effect);
    case "keep-submission":
      return keepSubmission(tx, change, effect);
    case "notify-submitter":
      return run.debug ? undefined : tellSubmitter(tx, change, effect.status);
    case "notify-failure":
      return run.debug ? undefined : tellOfFailure(tx, change, effect);
  }
}

const FIRST = { assignmentNo: 1, subject: null, body: null } as const;

type Notice = Pick<
  Extract<DeferredEffect, { type: "notify-assignment" }>,
  "workItemId" | "assignmentNo" | "subject" | "body"
> & {
  readonly skipBecause?: string;
};

/** A mail to the assignee, or a row that says why there is none (I20). */
async function tellAssignee(tx: Tx, { pinned, after }: Change, notice: Notice): Promise<void> {
  const item = itemById(after, notice.workItemId);
  if (!item) return;
  const { kind, label, record, assignee } = item;
  const { workItemId, assignmentNo, subject, body } = notice;
  const skipBecause = notice.skipBecause ?? reasonToTellNobody(item, pinned.body);
  const about = { recordName: await nameOfRecord(tx, record?.id ?? null), recordPath: pathOfRecord(record) };
  const what = {
    kind,
    label,
    processLabel: pinned.body.label,
    ...about,
    prompt: item.prompt,
    ...(skipBecause && { skipBecause }),
  };
  const { definitionId, version } = pinned;
  const submission = kind === "approval" && {
    submission: {
      definitionId,
      version,
      recordId: after.run.record?.id ?? null,
      submitters: submittersOf(after),
      sayers: sayersOf(after, item),
    },
  };
  const mail = {
    isBarred: (userId: string) => isBarredFrom({ definition: pinned.body, state: after }, item, userId),
    runId: after.run.id,
    workItemId,
    assignmentNo,
    assignee,
    subject,
    body,
    ...what,
    ...submission,
  };
  await queueAssignmentMails(tx, mail);
}

function reasonToTellNobody({ voting, kind, flag }: WorkItem, { approval }: Orchestration): string | undefined {
  if (flag === "nobody_left") return "nobody is left who could do it";
  if (voting) return "each member is told of the vote that is theirs";
  if (kind === "approval" && approval?.sendsNoApproverMails) return "the process sends its approvers no mails";
  return undefined;
}

/** Whose open pages show something else now: the assignees of items that changed, before and after, whoever asked for it, the lists. */
function topicsOf({ before, after }: Change): LiveTopic[] {
  const { run } = after;
  const askedBy = askerOf(after);
  const changed = after.items.filter((item) => !before?.state.items.includes(item));
  const former = changed.flatMap(({ id }) => (before ? (itemById(before.state, id) ?? []) : []));
  const work = [...changed, ...former].flatMap(placesOf);
  const asker: LiveTopic[] = askedBy === null ? [] : [{ topic: "work", type: "user", id: askedBy }];
  const lists: LiveTopic[] = [
    { topic: "run", runId: run.id },
    { topic: "runs" },
    ...(changed.length > 0 ? [{ topic: "items" } as const] : []),
  ];
  const records = new Set([run.record?.id, ...changed.map(({ record }) => record?.id)].flatMap((id) => id ?? []));
  const topics = [
    ...lists,
    ...asker,
    ...work,
    ...[...records].map((recordId) => ({ topic: "record", recordId }) as const),
  ];
  return [...new Map(topics.map((topic) => [JSON.stringify(topic), topic])).values()];
}

const placesOf = ({ assignee, claimedBy }: WorkItem): LiveTopic[] => [
  { topic: "work", ...assignee },
  ...(claimedBy === null ? [] : [{ topic: "work", type: "user", id: claimedBy } as const]),
];
