import { decide, requestApproval } from "../../../lib/approvals/commands";
import { answerItem, recallSubmission } from "../../../lib/approvals/steer";
import { cancelRun } from "../../../lib/runs/commands";
import { act, attaches, changes, creates, itemOf, runOf, type Values, who } from "../cast";

/** What an approval process is asked for: by whom, about a new record of which object. */
export type Asking = {
  readonly by: string;
  readonly process: string;
  readonly object: string;
  readonly comments?: string;
  /** What they attach to it, by name. */
  readonly files?: Readonly<Record<string, Buffer>>;
};

/** Somebody writes something down and asks for approval; the record's id. */
export async function asks(
  { by, process, object, comments = "", files = {} }: Asking,
  values: Values,
): Promise<string> {
  const recordId = await creates(by, object, values);
  for (const [name, bytes] of Object.entries(files)) await attaches(by, recordId, { name, bytes });
  await asksAgain({ by, process, comments }, recordId);
  return recordId;
}

/** Asks for approval of what is there already. */
export async function asksAgain(
  { by, process, comments = "" }: Omit<Asking, "object" | "files">,
  recordId: string,
): Promise<void> {
  const person = await who(by);
  const asked = { definitionId: process, recordId, comments };
  await act(person, "approval.request", (tx) => requestApproval(tx, person, asked));
}

type Said = { readonly step: string; readonly decision: string; readonly comments?: string };

/** Somebody decides their open item of a step. */
export async function decides(
  username: string,
  recordId: string,
  { step, decision, comments = "" }: Said,
): Promise<void> {
  const person = await who(username);
  const workItemId = await itemOf(recordId, step, person.userId);
  await act(person, "approval.decide", (tx) => decide(tx, person, { workItemId, decision, comments }));
}

/** The submitter mends what was sent back and sends it again. */
export async function revises(
  username: string,
  record: { readonly object: string; readonly id: string },
  { step, values, comments }: { readonly step: string; readonly values: Values; readonly comments: string },
): Promise<void> {
  const person = await who(username);
  await changes(username, record, values);
  const workItemId = await itemOf(record.id, step, person.userId);
  await act(person, "approval.answer", (tx) => answerItem(tx, person, { workItemId, text: comments }));
}

export async function recalls(username: string, recordId: string, reason: string): Promise<void> {
  const [person, runId] = await Promise.all([who(username), runOf(recordId)]);
  await act(person, "approval.recall", (tx) => recallSubmission(tx, person, { runId, reason }));
}

export async function cancels(username: string, recordId: string, reason: string): Promise<void> {
  const [person, runId] = await Promise.all([who(username), runOf(recordId)]);
  await act(person, "run.cancel", (tx) => cancelRun(tx, person, { runId, reason }));
}
