import { eq } from "drizzle-orm";
import { db } from "../../../db/client";
import { userGroup } from "../../../db/schema";
import { decide } from "../../approvals/commands";
import { summariseForMail } from "../../approvals/mail-summary";
import { askQuestion } from "../../approvals/steer";
import { takeReply } from "../../approvals/take-reply";
import { now } from "../../clock";
import { deliver } from "../../notify/deliver";
import { openTransport } from "../../notify/open-transport";
import { makeReplyToken } from "../../notify/reply-token";
import { type Person, personById } from "../../people/current-person";
import { createDelegation } from "../../people/delegation/commands";
import { ok } from "../../result";
import { itemOf, type OnItem, type Outside, type Scenario, scenario, started, working } from "./scenario";
import { acting, actingOnMany, did } from "./scenario-acts";
import { aRecord, type Cast, must } from "./world";

/** What is done with approvals. */
const deciding = (cast: Cast, definition = "Approval"): Promise<OnItem> =>
  working(cast, { definition, step: "Decide" }, cast.bea);
const reason = "because it is so";

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(now().getTime() + days * DAY_MS).toISOString();

/** Not yet, unless said otherwise: what begins now begins when it is written, which letters say to the minute. */
const place = ({ gus }: Cast, from = 1) => ({
  ...{ delegateId: gus.userId, from: inDays(from), to: inDays(2) },
  ...{ processes: null, maxAmount: null, mayPassOn: false, reason: "away" },
});
const asked = async (cast: Cast): Promise<string> =>
  (await must(cast.bea, (tx) => createDelegation(tx, cast.bea, { delegatorId: null, ...place(cast) }))).delegationId;

/** Gus, who decides for bea. */
async function standIn(cast: Cast): Promise<Person> {
  const forced = { delegatorId: cast.bea.userId, ...place(cast, -1) };
  await must(cast.ada, (tx) => createDelegation(tx, cast.ada, forced));
  const person = await personById(db(), cast.gus.userId);
  if (!person) throw new Error("gus is gone");
  return person;
}

async function sentBack(cast: Cast): Promise<OnItem> {
  const { runId, workItemId } = await deciding(cast);
  const rework = { workItemId, decision: "Rework", comments: reason };
  await must(cast.bea, (tx) => decide(tx, cast.bea, rework));
  return { person: cast.ann, runId, workItemId: await itemOf(runId, null, { kind: "revision" }) };
}

async function questioned(cast: Cast): Promise<string> {
  const { runId, workItemId } = await deciding(cast);
  await must(cast.bea, (tx) => askQuestion(tx, cast.bea, { workItemId, userId: cast.hal.userId, text: "How much?" }));
  return itemOf(runId, null, { kind: "question" });
}

/** The vote of one of the Team, after that of the other or before it. */
async function voting(cast: Cast, isLast: boolean): Promise<{ person: Person; input: object }> {
  const runId = await started(cast.ann, "Council");
  const vote = async (voter: Person) => itemOf(runId, "Decide", { kind: "approval", userId: voter.userId });
  if (isLast) {
    const workItemId = await vote(cast.hal);
    await must(cast.hal, (tx) => decide(tx, cast.hal, { workItemId, decision: "approve", comments: "" }));
  }
  return { person: cast.gus, input: { workItemId: await vote(cast.gus), decision: "approve", comments: "yes" } };
}

async function withoutMembers(definition: string, { ada, ann, gus, hal }: Cast, left: "one" | "none") {
  await started(ann, definition);
  const [team] = await db().select().from(userGroup).where(eq(userGroup.name, "Team"));
  const entry = ({ userId }: Person) => ({ type: "user", id: userId });
  const was = { label: "Team", members: [entry(gus), entry(hal)].sort((one, other) => (one.id < other.id ? -1 : 1)) };
  const members = left === "one" ? [entry(gus)] : [];
  return { person: ada, input: { type: "group", id: team?.groupId, label: "Team", members, was } };
}

/** Gus comes back to the team that was left by all, and to its work. */
async function withOneAgain(cast: Cast) {
  const { person, input } = await withoutMembers("Two_Stages", cast, "none");
  await did(person, "people.change-place", input);
  const members = [{ type: "user", id: cast.gus.userId }];
  return { person, input: { ...input, members, was: { label: "Team", members: [] } } };
}

type Mailed = { readonly secret: string; readonly raw: string };

/** Bea's answer to the mail about her item. */
async function answered(cast: Cast): Promise<Mailed> {
  const { workItemId } = await deciding(cast);
  const told = await summariseForMail({ workItemId, assignmentNo: 1, timeZone: null });
  const shown = told?.shown ?? null;
  const bound = { messageId: "msg_of_the_fault_run", workItemId, assignmentNo: 1, userId: cast.bea.userId, shown };
  const head = `From: ${cast.bea.email}\r\nTo: reply@example.org\r\nSubject: Re\r\nMessage-ID: <one@example.org>`;
  return { secret: await makeReplyToken(bound), raw: `${head}\r\n\r\nAPPROVE\r\n\r\nAs I see it.\r\n` };
}

export const APPROVALS: readonly Scenario[] = [
  acting("request approval", "approval.request", async ({ ann }) => ({
    person: ann,
    input: { definitionId: "Approval", recordId: await aRecord(ann), comments: "please" },
  })),
  ...["approve", "reject", "Rework"].map((decision) =>
    acting(decision === "Rework" ? "send back" : decision, "approval.decide", async (cast) => ({
      person: cast.bea,
      input: { workItemId: (await deciding(cast)).workItemId, decision, comments: reason },
    })),
  ),
  acting("send again", "approval.answer", async (cast) => {
    const { person, workItemId } = await sentBack(cast);
    return { person, input: { workItemId, text: "as you wished" } };
  }),
  actingOnMany("decide many", "approval.decide-many", async (cast) => {
    const items = [];
    for (let at = 0; at < 3; at++) items.push({ workItemId: (await deciding(cast)).workItemId, comments: "" });
    return { person: cast.bea, input: { items, decision: "approve" } };
  }),
  acting("override", "approval.override", async (cast) => ({
    person: cast.ada,
    input: { workItemId: (await deciding(cast)).workItemId, outcome: "Approve", comments: "by phone" },
  })),
  acting("add an approver", "approval.add-approver", async (cast) => ({
    person: cast.ada,
    input: { workItemId: (await deciding(cast)).workItemId, userId: cast.hal.userId, reason },
  })),
  acting("ask a question", "approval.ask", async (cast) => ({
    person: cast.bea,
    input: { workItemId: (await deciding(cast)).workItemId, userId: cast.hal.userId, text: "How much?" },
  })),
  acting("answer a question", "approval.answer", async (cast) => ({
    person: cast.hal,
    input: { workItemId: await questioned(cast), text: "12" },
  })),
  acting("recall, with a recall path", "approval.recall", async (cast) => ({
    person: cast.ann,
    input: { runId: (await deciding(cast, "Recallable")).runId, reason },
  })),
  acting("vote, others have not", "approval.decide", (cast) => voting(cast, false)),
  acting("vote, the last one", "approval.decide", (cast) => voting(cast, true)),
  acting("a voter leaves the group", "people.change-place", (cast) => withoutMembers("Council", cast, "one")),
  acting("a group is left by all", "people.change-place", (cast) => withoutMembers("Two_Stages", cast, "none")),
  acting("somebody joins a group that was left by all", "people.change-place", withOneAgain),
  acting("decide in somebody's place", "approval.decide", async (cast) => {
    const { workItemId } = await deciding(cast);
    return { person: await standIn(cast), input: { workItemId, decision: "approve", comments: "for her" } };
  }),
  acting("decide in an approver's place beside one's own", "approval.decide", async (cast) => {
    const { workItemId } = await deciding(cast, "Pair");
    return { person: await standIn(cast), input: { workItemId, decision: "approve", comments: "for her" } };
  }),
  acting("give one's place", "delegation.create", async (cast) => ({
    person: cast.bea,
    input: { delegatorId: null, ...place(cast) },
  })),
  acting("accept somebody's place", "delegation.answer", async (cast) => ({
    person: cast.gus,
    input: { delegationId: await asked(cast), accept: true },
  })),
  acting("end a delegation", "delegation.end", async (cast) => ({
    person: cast.bea,
    input: { delegationId: await asked(cast) },
  })),
  scenario<Mailed>({
    name: "reply by mail",
    inPieces: true,
    prepare: answered,
    act: async ({ secret, raw }) => ok(await takeReply(secret, Buffer.from(raw))),
  }),
  scenario<Outside>({
    name: "mails are sent",
    inPieces: true,
    async prepare(cast, outside) {
      await deciding(cast);
      return outside;
    },
    async act({ smtpUrl }) {
      const transport = openTransport(smtpUrl);
      while ((await deliver(transport)).taken > 0);
      transport.close();
      return ok(null);
    },
  }),
];
