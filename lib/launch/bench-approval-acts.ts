import { requestApproval } from "../approvals/commands";
import { decideAgain } from "../approvals/decide-again";
import { decideMany } from "../approvals/decide-many";
import { summariseForMail } from "../approvals/mail-summary";
import { addApprover, answerItem, askQuestion, overrideItem, recallSubmission } from "../approvals/steer";
import { takeReply } from "../approvals/take-reply";
import { now } from "../clock";
import { newId } from "../ids";
import { makeReplyToken } from "../notify/reply-token";
import { createDelegation } from "../people/delegation/commands";
import { saveRecord } from "../records/commands/save-record";
import { reassignItems } from "../work/reassign-items";
import {
  aCase,
  by,
  type Case,
  type Cast,
  guided,
  openItem,
  type Prepare,
  personNamed,
  REASON,
  submitted,
} from "./bench-cast";
import { APPROVED, CASE } from "./bench-definitions";
import { granted } from "./bench-runs";

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(now().getTime() + days * DAY_MS).toISOString();

/** Nobody may have many delegations open, so each is another's. */
async function toGiveAway({ helper }: Cast) {
  const person = await personNamed(newId("user"));
  const place = { delegatorId: null, delegateId: helper.userId, from: inDays(1), to: inDays(2), processes: null };
  return () => by(person, (tx) => createDelegation(tx, person, { ...place, ...ANYTHING }));
}

const ANYTHING = { maxAmount: null, mayPassOn: false, reason: REASON } as const;

/** An answer to the mail about an item; all that is done about one, and not its decision alone. */
async function toReply({ boss }: Cast, { item }: Case) {
  const told = await summariseForMail({ workItemId: item, assignmentNo: 1, timeZone: null });
  const shown = told?.shown ?? null;
  const bound = { messageId: `msg_${item}`, workItemId: item, assignmentNo: 1, userId: boss.userId, shown };
  const head = `From: ${boss.email}\r\nTo: reply@example.org\r\nSubject: Re\r\nMessage-ID: <${item}@example.org>`;
  const raw = Buffer.from(`${head}\r\n\r\nAPPROVE\r\n\r\nAs I see it.\r\n`);
  const secret = await makeReplyToken(bound);
  return async () => {
    if (!(await takeReply(secret, raw))) throw new Error("the bench's reply was not taken");
  };
}

/** Items that are given in one call. */
export const MANY = 4;

const several = async (make: () => Promise<Case>): Promise<Case[]> => {
  const cases: Case[] = [];
  while (cases.length < MANY) cases.push(await make());
  return cases;
};

const allDone = async (report: Promise<{ readonly failed: readonly unknown[] }>) => {
  const { failed } = await report;
  if (failed.length > 0) throw new Error(`the bench was refused: ${JSON.stringify(failed)}`);
};

/** What people do with approvals, records and their place. */
export function approvalActs(cast: Cast) {
  const { asker, boss, helper, others } = cast;
  const decision = { decision: "approve", comments: "" } as const;
  const on =
    (act: (one: Case) => Promise<unknown>): Prepare =>
    async () => {
      const one = await submitted(cast);
      return () => act(one);
    };
  const ask = (workItemId: string) =>
    by(boss, (tx) => askQuestion(tx, boss, { workItemId, userId: helper.userId, text: "How much?" }));
  const decide = async ({ item }: Case) => {
    const shown = { key: newId("command") };
    granted(await decideAgain(boss, { input: { workItemId: item, ...decision, ...shown } }));
  };
  const override = ({ item }: Case) => ({ workItemId: item, outcome: "Approve", comments: REASON });
  const adding = ({ item }: Case) => ({ workItemId: item, userId: helper.userId, reason: REASON });
  return {
    request: async () => {
      const recordId = await aCase(asker);
      const request = { definitionId: APPROVED.name, recordId, comments: "please" };
      return () => by(asker, (tx) => requestApproval(tx, asker, request));
    },
    decide: on(decide),
    "decide-many": async () => {
      const items = (await several(() => submitted(cast))).map(({ item }) => ({ workItemId: item, comments: "" }));
      return () => allDone(decideMany(boss, { items, decision: "approve", key: newId("command") }));
    },
    "decide-by-mail": async () => toReply(cast, await submitted(cast)),
    override: on((one) => by(boss, (tx) => overrideItem(tx, boss, override(one)))),
    "add-approver": on((one) => by(boss, (tx) => addApprover(tx, boss, adding(one)))),
    ask: on(({ item }) => ask(item)),
    answer: async () => {
      const { item, runId } = await submitted(cast);
      await ask(item);
      const { item: workItemId } = await openItem(runId, "question");
      return () => by(helper, (tx) => answerItem(tx, helper, { workItemId, text: "12" }));
    },
    recall: on(({ runId }) => by(asker, (tx) => recallSubmission(tx, asker, { runId, reason: REASON }))),
    "reassign-many": async () => {
      const workItemIds = (await several(() => guided(cast))).map(({ item }) => item);
      const to = { type: "group", id: others } as const;
      return () => allDone(reassignItems(boss, { workItemIds, to, reason: REASON, key: newId("command") }));
    },
    "create-record": async () => () => aCase(asker),
    "save-record": async () => {
      const { recordId } = await guided(cast);
      const save = { object: CASE, id: recordId, expectedVersion: 1, values: { Name: "Another" } };
      return () => by(asker, (tx) => saveRecord(tx, asker, save));
    },
    delegate: () => toGiveAway(cast),
  } as const satisfies { readonly [command: string]: Prepare };
}
