import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { type Database, db } from "../../db/client";
import { run, stepRun, workItem } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import type { MailContents } from "../../emails/content";
import { recordSecurityEvent } from "../audit/commands";
import { orchestrationVersion } from "../definitions/queries";
import type { Sayable } from "../engine/outcome-said";
import { outcomesOf } from "../engine/outcomes";
import { env } from "../env";
import { newId } from "../ids";
import { log } from "../log";
import { ownText } from "../logic/value";
import { queueMail } from "../notify/commands";
import { isInThread } from "../notify/judge-thread";
import { type Reply, readReply } from "../notify/read-reply";
import { readWords } from "../notify/read-words";
import { type HeldToken, spendReplyToken } from "../notify/reply-token";
import { type Person, personById } from "../people/current-person";
import { sentenceOf } from "../refusals";
import { ok, type Refusal, type Result, refuse } from "../result";
import type { Seen } from "../runs/dispatch";
import { holdRun, travelOf } from "../runs/hold-run";
import { runTogether } from "../together";
import { completeItem } from "../work/commands/complete-item";
import { lookAtItem } from "../work/look-at-item";
import { readSeen } from "../work/seen";
import { changedSinceMail } from "./mail-facts";

type Asked = NonNullable<Awaited<ReturnType<typeof askedBy>>>;
type Told = Required<Pick<MailContents["reply"], "decided" | "comments" | "problem" | "changes">> & {
  /** It is not the first line that nothing was decided for. */
  readonly isUnderstood: boolean;
};

/** Whose answer it is, to which question, and by what its effect is known. */
type Case = {
  readonly token: HeldToken;
  readonly person: Person;
  readonly asked: Asked;
  /** The same for the same mail, however often it is delivered. */
  readonly key: string;
};

/**
 * Takes one answer by mail. The token of the address that it came to says which item it is about and whose decision it is, and is the proof
 * that they got the mail; the sender's address must be theirs besides. What DKIM or another server is said to have found is not asked, because
 * a header can say anything. The person is told what was understood, or why nothing was done; nobody else ever is. False: there is no such token.
 */
export async function takeReply(secret: string, raw: Uint8Array): Promise<boolean> {
  const token = await spendReplyToken(secret);
  if (!token) return false;
  const [person, asked, reply] = await Promise.all([
    personById(db(), token.userId, { scopes: ["decisions:reply"] }),
    askedBy(db(), token.workItemId),
    readReply(raw),
  ]);
  if (!person || !asked || token.isWorn || reply?.isAutomatic) {
    log().info({ workItemId: token.workItemId, isAutomatic: reply?.isAutomatic ?? false }, "a reply was left unread");
    return true;
  }
  const key = createHash("sha256")
    .update(token.messageId)
    .update(reply?.messageId ?? raw)
    .digest("hex");
  const one: Case = { token, person, asked, key };
  const refusal = reply ? await decideOrSay(one, reply) : { code: "reply-unreadable" };
  if (refusal === null) return true;
  // Nothing waits for them on a page here: what they wrote is in their own mail.
  const problem = sentenceOf(refusal).replace("; what you typed is still here", "");
  const isUnderstood = !UNREAD.includes(refusal.code);
  const told = { decided: null, comments: null, problem, changes: await changesTold(one, refusal), isUnderstood };
  await transaction({ commandId: newId("command"), actorId: person.userId }, (tx) => answer(tx, one, told));
  return true;
}

/** Refusals of what a reply says, and not of the decision. */
const UNREAD: readonly string[] = ["reply-unreadable", "reply-unclear"];

/** As `decideBy`. What goes wrong is left to another try of the sender's server, and in the end said instead of tried for days. */
async function decideOrSay(one: Case, reply: Reply): Promise<Refusal | null> {
  try {
    return await decideBy(one, reply);
  } catch (error) {
    if (one.token.replies < TRIES) throw error;
    log().error({ err: error, workItemId: one.token.workItemId }, "a reply went wrong each time");
    return { code: "reply-failed" };
  }
}

/** Times that a reply may go wrong before that is its answer. */
const TRIES = 3;

/** What of the request is not as the mail told it, where that is why nothing was decided. */
async function changesTold({ token, asked }: Case, { code }: Refusal): Promise<Told["changes"]> {
  const saw = code === "reply-facts-changed" ? readSeen(token.shown) : null;
  const { pinned, item } = asked;
  return saw && changedSinceMail(db(), { pinned, runId: item.runId, recordId: item.recordId }, saw);
}

/** Null: it was done, and the answer is on its way. Else why not. */
async function decideBy(one: Case, reply: Reply): Promise<Refusal | null> {
  const { person, asked, token, key } = one;
  if (reply.from !== person.email) {
    await recordSecurityEvent(null, {
      action: "reply-from-elsewhere",
      actorId: null,
      objectId: token.workItemId,
      allowed: false,
      details: { for: person.userId },
    });
    return { code: "reply-from-elsewhere" };
  }
  if (!isInThread(reply, { messageId: token.messageId, runId: asked.item.runId })) return { code: "reply-elsewhere" };
  if (isOpen(asked) && (token.hasExpired || token.assignmentNo !== asked.item.assignmentNo))
    return { code: "reply-too-late" };
  const said = readWords(reply.text, asked.outcomes, quotedNames());
  if (said.type === "unknown") return { code: "reply-unclear", details: { line: said.line } };
  const header = { kind: "approval.reply", actorId: person.userId, key, subjectId: token.workItemId };
  const done = await runTogether(header, {
    ...travelOf(token.workItemId),
    asksAnew: true,
    ahead: (tx) => lookAtItem(tx, person, token.workItemId),
    work: (tx, seen) => carryOut(tx, one, { ...said, seen }),
  });
  return done.ok ? null : done.refusal;
}

const isOpen = ({ item }: Asked): boolean => item.status === "assigned";

/** How a line names us that heads what is quoted: our address, and those that take answers. */
function quotedNames(): string[] {
  const { MAIL_FROM, REPLY_ADDRESS } = env();
  const [sender] = /[^\s<>]+@[^\s<>]+/.exec(MAIL_FROM) ?? [];
  const local = REPLY_ADDRESS?.split("@")[0];
  return [sender, local && `${local}+`].flatMap((name) => name || []);
}

/** The decision with everything that follows from it, and the words about it, in one transaction. */
async function carryOut(
  tx: Tx,
  one: Case,
  { outcome, comments, seen }: { readonly outcome: string; readonly comments: string; readonly seen: Seen },
): Promise<Result<null>> {
  const { token, person, asked } = one;
  const { workItemId } = token;
  if (comments.length > MAX_COMMENT) return refuse("reply-too-long", { details: { limit: MAX_COMMENT } });
  if (asked.pinned.body.approval?.asksPassword) return refuse("reply-needs-password");
  const held = await holdRun(tx, { workItemId });
  const now = held?.state.items.find(({ id }) => id === workItemId);
  if (now?.status === "assigned" && now.assignmentNo !== token.assignmentNo) return refuse("reply-too-late");
  const said = outcomesOf(asked.step).find(({ stored }) => stored === outcome);
  if (!said) return refuse("unknown-outcome", { details: { outcome } });
  const { name, label } = said;
  const outputs = { approvalDecision: name, approvalComments: comments || null };
  const shownAs = ownText(token.shown, "shownAs");
  if (!shownAs) throw new Error(`the token of mail ${token.messageId} does not tell what the mail showed`);
  const done = await completeItem(tx, person, { workItemId, outputs, shownAs, via: "email", seen });
  if (!done.ok && done.refusal.code === "facts-changed")
    return refuse("reply-facts-changed", { details: done.refusal.details ?? {} });
  if (!done.ok) return done;
  // Only whoever may decide is told what is missing; the decision is undone with the refusal.
  if (said.needsReason && comments === "") return refuse("reply-needs-reason");
  const event = { action: "approval-by-mail", actorId: person.userId, objectId: workItemId, allowed: true };
  await recordSecurityEvent(tx, { ...event, details: { channel: "email", outcome, mail: token.messageId } });
  await answer(tx, one, {
    decided: label,
    comments: comments || null,
    problem: null,
    changes: null,
    isUnderstood: true,
  });
  return ok(null);
}

const MAX_COMMENT = 4_000;

/** One answer to one mail, in the conversation of its run. */
async function answer(tx: Tx, { person, asked, token, key }: Case, { isUnderstood, ...told }: Told): Promise<void> {
  const { item, outcomes } = asked;
  const path = item.recordId ? `/records/${item.recordType}/${item.recordId}` : "/work";
  await queueMail(tx, {
    kind: "reply",
    recipientId: person.userId,
    runId: item.runId,
    dedupeKey: `reply:${key}`,
    content: {
      label: item.label,
      recordName: item.recordName,
      path: `${path}?item=${encodeURIComponent(token.workItemId)}`,
      words: isUnderstood ? [] : ["APPROVE", "REJECT", ...outcomes.map(({ label }) => label)],
      ...told,
    },
  });
}

/** The item with what may be said of it. */
async function askedBy(database: Database, workItemId: string) {
  const [row] = await database
    .select({ item: workItem, step: stepRun.name, definitionId: run.definitionId, version: run.definitionVersion })
    .from(workItem)
    .innerJoin(run, eq(run.runId, workItem.runId))
    .innerJoin(stepRun, and(eq(stepRun.runId, workItem.runId), eq(stepRun.stepRunId, workItem.stepRunId)))
    .where(eq(workItem.workItemId, workItemId));
  const pinned = row && (await orchestrationVersion(database, row.definitionId, row.version));
  if (!pinned) return null;
  const step = pinned.body.elements
    .flatMap((element) => (element.type === "stage" ? element.steps : []))
    .find(({ name }) => name === row?.step);
  if (row.item.kind !== "approval" || step?.kind !== "approval") return null;
  const outcomes: readonly Sayable[] = step.outcomes;
  return { item: row.item, pinned, step, outcomes };
}
