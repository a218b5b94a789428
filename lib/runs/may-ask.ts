import { and, eq, or, sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { assignment, workItem } from "../../db/schema";
import type { Command } from "../engine/command";
import type { Orchestration } from "../engine/definition";
import { itemById } from "../engine/find";
import { isSteering } from "../engine/own-request";
import { standInsOf } from "../engine/part-in-step";
import type { RunState, WorkItem } from "../engine/state";
import { submittersOf } from "../engine/submitters";
import { may } from "../gate";
import type { Person } from "../people/current-person";
import type { ApprovalSubject } from "../people/delegation/in-place";
import { askerOf } from "./asker-of";

/** What Baton may ask of a run by itself: what its jobs found out. Everything else is somebody's act. */
const SYSTEM: ReadonlySet<Command["type"]> = new Set([
  "wake",
  "wake-failed",
  "mail-undelivered",
  "nobody-left",
  "somebody-came",
  "flow-finished",
  "flow-failed",
  "keep-lock",
]);

/** `yes`; `no`: as if there were no such run; `tell`: not now or not theirs, but they know of it and may be told why. */
export type Leave = "yes" | "no" | "tell";

/** Whether this person, or Baton itself, may give that command. Asked with the run's row locked, so that the answer holds at commit (P9). */
export async function mayAsk(
  db: Database,
  asker: Person | "system",
  { definition, state, command, approval = null }: Given,
): Promise<Leave> {
  if (asker === "system") return SYSTEM.has(command.type) ? "yes" : "no";
  const item = "workItemId" in command ? itemById(state, command.workItemId) : undefined;
  const subject = item && { ...subjectOf(state, item), approval };
  const maySteer = !isSteering(command) || may(asker, "approval.steer", submissionOf({ definition, state }));
  if (maySteer && isAllowed(asker, { definition, state, command, item, subject })) return "yes";
  if (subject && approval && may(asker, "item.read", subject)) return "tell";
  const involved = await involvedIn(db, { runId: state.run.id, workItemId: item?.id ?? null });
  return may(asker, "run.know", { askedBy: askerOf(state), involved }) ? "tell" : "no";
}

type Given = {
  readonly definition: Orchestration;
  readonly state: RunState;
  readonly command: Command;
  /** Where the asker may decide in somebody's place. */
  readonly approval?: ApprovalSubject | null;
};
type Asked = Given & {
  readonly item: WorkItem | undefined;
  readonly subject: (ReturnType<typeof subjectOf> & { readonly approval: ApprovalSubject | null }) | undefined;
};

function isAllowed(person: Person, { definition, state, command, item, subject }: Asked): boolean {
  switch (command.type) {
    case "complete-work-item":
    case "ask-question":
      return (
        item !== undefined &&
        subject !== undefined &&
        may(person, "item.work", subject) &&
        (item.kind !== "approval" ||
          may(person, "approval.decide", decisionOf({ definition, state }, subject.approval)))
      );
    case "claim-work-item":
      return subject !== undefined && may(person, "item.claim", subject);
    case "release-work-item":
      return subject !== undefined && may(person, "item.release", subject);
    case "override-work-item":
      return item !== undefined && may(person, "approval.override");
    case "add-approver":
      return item !== undefined && may(person, "approval.add-approver");
    case "member-left":
      return item !== undefined && may(person, "people.manage");
    case "recall":
      return may(person, "approval.recall", recallOf(state));
    case "reassign-work-item":
      return subject !== undefined && may(person, "item.reassign", subject);
    case "cancel":
      return may(person, "run.cancel", playOf(state));
    case "retry":
      return may(person, "run.retry", playOf(state));
    case "suspend":
    case "resume":
    case "skip-step":
    case "fail-step":
    case "go-to-stage":
      return may(person, "run.control", playOf(state));
    default:
      return false;
  }
}

/** A run as the policy of what is done to it sees it. */
export const playOf = ({ run }: RunState) => ({ playedBy: run.debug?.playedBy ?? null });

/** Who may take a submission back, as its policy sees it: of a debug run it is whoever plays it. */
export const recallOf = ({ run, submission }: RunState) => ({
  submittedBy: run.debug?.playedBy ?? submission?.submittedBy ?? null,
});

/** A run's submission as its policy sees it. */
export const submissionOf = ({ definition, state }: Pick<Given, "definition" | "state">) => ({
  submitters: submittersOf(state),
  allowsOwn: definition.approval?.allowsSelfApproval ?? false,
});

/** A decision on it, given in somebody's place or, without one, for oneself. */
export const decisionOf = (of: Pick<Given, "definition" | "state">, place: ApprovalSubject | null) => ({
  ...submissionOf(of),
  ...(place === null && { stoodIn: standInsOf(of.state).map(({ userId }) => userId) }),
});

/** An item as its policy sees it. */
export const subjectOf = (state: RunState, item: WorkItem) => ({
  status: item.status,
  assigneeType: item.assignee.type,
  assigneeId: item.assignee.id,
  claimedBy: item.claimedBy,
  completedBy: item.completedBy,
  askedBy: askerOf(state),
});

/** Whose assignment makes them know of the run: that of a question alone does not, it tells them of itself only. */
export const isInvolving = sql`not exists (select 1 from ${workItem}
  where ${workItem.workItemId} = ${assignment.workItemId} and ${workItem.kind} = 'question')`;

/** Everybody who has or had work of the run, and whoever had that item of it: users, groups and queues by id. */
export async function involvedIn(
  db: Database,
  { runId, workItemId }: { readonly runId: string; readonly workItemId: string | null },
): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: assignment.toId })
    .from(assignment)
    .where(and(eq(assignment.runId, runId), or(isInvolving, eq(assignment.workItemId, workItemId ?? ""))))
    .limit(1_000);
  return rows.map(({ id }) => id);
}
