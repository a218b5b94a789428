import { and, eq, inArray, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { askOnce } from "../../db/ask-once";
import { db } from "../../db/client";
import { command, history, run } from "../../db/schema";
import { later, settleChanges, type Tx, transaction } from "../../db/transaction";
import { askedNow, inRequest } from "../../lib/audit/in-request";
import { boundKey } from "../../lib/command";
import { newId } from "../../lib/ids";
import type { ScreenView } from "../../lib/interviews/schema";
import { noteScreen } from "../../lib/interviews/work-of-screen";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { ok, type Result, refuse } from "../../lib/result";
import { startTogether } from "../../lib/runs/start";
import { runTogether } from "../../lib/together";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aScreenFlow } from "../builders/flows";
import { anItem, interviewRow, opened, screen, sent } from "../builders/interviews";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, stateNow, theItem } from "../builders/runs";

/** Commands that travel in one transaction: nobody can tell but by how few transactions there are. */
const MANY = 40;
const numbers = Array.from({ length: MANY }, (_, at) => at);

let ann: Person;
let definitionId: string;
beforeAll(async () => {
  ({ ann } = await aTeamWithThings());
  const assignee = { type: "user", value: { literal: ann.username } };
  const about = { start: { type: "autolaunched", object: null, next: "Only" } } as const;
  const one = anOrchestration([aStage("Only", [anInteractiveStep("Fill", { assignee, record: "about" })])], {
    name: "Together",
    variables: [{ name: "about", type: "text", isInput: true }],
    ...about,
  });
  ({ definitionId } = await activated(one));
  await transaction(
    { commandId: newId("command"), actorId: null },
    (tx) => tx.sql`create table kept (n int primary key, at timestamptz not null default clock_timestamp())`,
  );
});

const header = (key = newId("command")) => ({ kind: "run.start", actorId: ann.userId, key });
const start = (key?: string) => startTogether(header(key), ann, { definitionId, recordId: null, inputs: {} });

/** Writes its number, or does what it is given. */
const keep = (n: number, otherwise?: (tx: Tx) => Promise<Result<number>>, key = newId("command")) =>
  runTogether<null, number>(
    { kind: "keep", actorId: null, key },
    {
      holds: null,
      runs: "",
      ahead: async () => null,
      work: async (tx) => {
        later(tx, tx.sql`insert into kept (n) values (${n})`);
        return otherwise ? otherwise(tx) : ok(n);
      },
    },
  );
const SECONDS_EACH = 0.7;
test("who waits behind others for the same thing has their turn, though it takes longer than one waits for a lane", async () => {
  const slow = (n: number) =>
    runTogether<null, number>(
      { kind: "slow", actorId: null, key: newId("command") },
      {
        ...{ holds: "the same", runs: "", ahead: async () => null },
        work: async (tx) => {
          await tx.sql`select pg_sleep(${SECONDS_EACH})`;
          return ok(n);
        },
      },
    );
  const answers = await Promise.all([1, 2, 3, 4, 5].map(slow));
  expect(answers.map(must)).toEqual([1, 2, 3, 4, 5]);
});

const kept = async () => (await db().execute<{ n: number }>(sql`select n from kept order by n`)).map(({ n }) => n);
const emptied = () =>
  transaction({ commandId: newId("command"), actorId: null }, (tx) => tx.sql`truncate kept`).then(() => undefined);

test("many starts at once are each a run with its own command and its whole history, in few transactions", async () => {
  const started = await Promise.all(numbers.map(() => start()));
  const runIds = started.map((one) => must(one).runId);
  expect(new Set(runIds).size).toBe(MANY);
  const commands = await db()
    .select({ id: command.commandId, runId: command.runId, by: sql<string>`xmin::text` })
    .from(command)
    .where(inArray(command.runId, runIds));
  expect(new Set(commands.map(({ runId }) => runId)).size).toBe(MANY);
  expect(new Set(commands.map(({ id }) => id)).size).toBe(MANY);
  expect(new Set(commands.map(({ by }) => by)).size).toBeLessThan(MANY / 2);
  for (const { id, runId } of commands) {
    const events = await db()
      .select()
      .from(history)
      .where(eq(history.runId, runId ?? ""))
      .orderBy(history.seq);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(new Set(events.map(({ commandId }) => commandId))).toEqual(new Set([id]));
  }
});

test("many items finished at once end their runs, and each is finished once however often it is asked for", async () => {
  const runIds = (await Promise.all(numbers.map(() => start()))).map((one) => must(one).runId);
  const items = await Promise.all(runIds.map(theItem));
  const views = await Promise.all(items.map(async ({ workItemId }) => screen(await opened(ann, workItemId))));
  const finish = (view: ScreenView) => sent(ann, view, { comment: "done" });
  const answers = await Promise.all(views.flatMap((view) => [finish(view), finish(view)]));
  expect(answers.filter(({ ok: isOk }) => isOk)).toHaveLength(MANY);
  for (const answer of answers) if (!answer.ok) expect(answer.refusal.code).toBe("item-closed");
  const rows = await db().select({ status: run.status }).from(run).where(inArray(run.runId, runIds));
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["completed"]));
  const [{ runId = "" } = {}] = items;
  expect((await stateNow(runId)).items[0]?.completedBy).toBe(ann.userId);
});

test("last screens sent at once by people who are done with them go in few transactions, each with its own history and interview", async () => {
  const runIds = (await Promise.all(numbers.map(() => start()))).map((one) => must(one).runId);
  const items = await Promise.all(runIds.map(theItem));
  const views = await Promise.all(items.map(async ({ workItemId }) => screen(await opened(ann, workItemId))));
  const answers = await Promise.all(views.map((view, at) => sent(ann, view, { comment: `the ${at}th` })));
  expect(new Set(answers.map((answer) => must(answer).type))).toEqual(new Set(["finished"]));
  for (const [at, runId] of runIds.entries()) {
    const { items: done, steps } = await stateNow(runId);
    expect(done[0]?.status).toBe("completed");
    expect(steps[0]?.outputs).toEqual({ comment: `the ${at}th` });
    const { status, draftVersion } = await interviewRow(views[at]?.interviewId ?? "");
    expect({ status, draftVersion }).toEqual({ status: "finished", draftVersion: 1 });
  }
  const commands = await db()
    .select({ runId: command.runId, by: sql<string>`xmin::text` })
    .from(command)
    .where(and(inArray(command.runId, runIds), eq(command.kind, "submit-screen")));
  expect(new Set(commands.map(({ runId }) => runId)).size).toBe(MANY);
  expect(new Set(commands.map(({ by }) => by)).size).toBeLessThan(MANY / 2);
});

test("two sends of one screen by people of whose item the server learns in between are never both taken", async () => {
  const page = (name: string, next: string | null) => ({
    ...{ type: "screen", name, label: name, next },
    fields: [{ name: `said_${name}`, type: "text", label: "Said" }],
  });
  await activated(aScreenFlow("Pages", { start: "One", elements: [page("One", "Two"), page("Two", null)] }));
  const assignee = { type: "user", value: { literal: ann.username } };
  const paged = anOrchestration([aStage("Only", [anInteractiveStep("Fill", { assignee, flow: "Pages" })])], {
    name: "Paged",
  });
  await activated(paged);
  const recordId = await aRecord("Thing", {}, ann);
  const { workItemId } = await anItem(ann, { definition: "Paged", recordId, label: "Fill" });
  const view = screen(await opened(ann, workItemId));
  for (let at = 0; at < 5_001; at++) noteScreen({ userId: "usr_other", interviewId: `int_${at}` }, "wi_other");
  const unknown = sent(ann, view, { said_One: "here" });
  noteScreen({ userId: ann.userId, interviewId: view.interviewId }, workItemId);
  const answers = await Promise.all([unknown, sent(ann, view, { said_One: "there" })]);
  expect(answers.filter(({ ok: isTaken }) => isTaken)).toHaveLength(1);
  expect(answers.find(({ ok: isTaken }) => !isTaken)).toMatchObject({ refusal: { code: "screen-moved" } });
});

test("nor where the first has had something undone on its way: what its flow does is done once", async () => {
  const page = (name: string, next: string | null) => ({
    ...{ type: "screen", name, label: name, next },
    fields: [{ name: `said_${name}`, type: "text", label: "Said" }],
  });
  const create = (name: string, values: object, next: object) => ({
    ...{ type: "create_records", name, label: name, object: "Thing", ...next },
    values: { Name: { literal: "made on the way" }, ...values },
  });
  const wrong = create("Wrong", { Helper: { literal: "usr_nobody" } }, { next: null, faultNext: "Right" });
  const elements = [page("One", "Wrong"), wrong, create("Right", {}, { next: "Two" }), page("Two", null)];
  await activated(aScreenFlow("Making", { start: "One", elements }));
  const assignee = { type: "user", value: { literal: ann.username } };
  await activated(
    anOrchestration([aStage("Only", [anInteractiveStep("Fill", { assignee, flow: "Making" })])], {
      name: "Making_one",
    }),
  );
  const recordId = await aRecord("Thing", {}, ann);
  const { workItemId } = await anItem(ann, { definition: "Making_one", recordId, label: "Fill" });
  const view = screen(await opened(ann, workItemId));
  for (let at = 0; at < 5_001; at++) noteScreen({ userId: "usr_other", interviewId: `int_${at}` }, "wi_other");
  const unknown = sent(ann, view, { said_One: "here" });
  noteScreen({ userId: ann.userId, interviewId: view.interviewId }, workItemId);
  const answers = await Promise.all([unknown, sent(ann, view, { said_One: "there" })]);
  expect(answers.filter(({ ok: isTaken }) => isTaken)).toHaveLength(1);
  const made = await db().execute(sql`select 1 from record where name = 'made on the way'`);
  expect(made).toHaveLength(1);
});

test("what was asked ahead is asked anew behind one who saved, and by who wants it so behind anybody", async () => {
  const id = await aRecord("Thing", { Status: "Before" }, ann);
  const saves = runTogether<null, string>(
    { kind: "save", actorId: ann.userId, key: newId("command") },
    {
      ...{ holds: "1", runs: "", ahead: async () => null },
      work: async (tx) => {
        const saved = await saveRecord(tx, ann, { object: "Thing", id, values: { Status: "After" } });
        // As where a flow opens its waits: who starts by the save has heard of it by now.
        await settleChanges(tx);
        return saved.ok ? ok("saved") : saved;
      },
    },
  );
  const reads = (holds: string, asksAnew: boolean) => {
    let asked = 0;
    const ask = (tx: Tx) => askOnce(tx, "asked", async () => ++asked);
    return runTogether<number, number>(
      { kind: "read", actorId: ann.userId, key: newId("command") },
      { ...{ holds, runs: "", asksAnew, ahead: ask }, work: async (tx) => ok(await ask(tx)) },
    );
  };
  const answers = await Promise.all([reads("0", false), reads("0 anew", true), saves, reads("2", false)]);
  expect(answers.map((one: Result<unknown>) => must(one))).toEqual([1, 2, "saved", 2]);
});

test("one that is refused leaves nothing, and the others go on together without it", async () => {
  await emptied();
  const answers = await Promise.all(
    numbers.map((n) => keep(n, n % 10 === 3 ? async () => refuse("not-found") : undefined)),
  );
  expect(answers.filter(({ ok: isOk }) => isOk)).toHaveLength(MANY - 4);
  expect(await kept()).toEqual(numbers.filter((n) => n % 10 !== 3));
  const by = await db().execute<{ by: string }>(sql`select distinct xmin::text as by from kept`);
  expect(by.length).toBeLessThan(MANY / 2);
});

test("one that goes wrong is told so, and the others do not notice", async () => {
  await emptied();
  const wrong = async (tx: Tx) => ok((await tx.sql<{ n: number }[]>`select 1 / 0 as n`)[0]?.n ?? 0);
  const answers = await Promise.allSettled(numbers.map((n) => keep(n, n === 7 ? wrong : undefined)));
  expect(answers.map(({ status }) => status)).toEqual(numbers.map((n) => (n === 7 ? "rejected" : "fulfilled")));
  expect(await kept()).toEqual(numbers.filter((n) => n !== 7));
});

test("a row that the database refuses at the end takes nobody else's with it", async () => {
  await emptied();
  const answers = await Promise.allSettled(numbers.map((n) => keep(n === 9 ? 8 : n)));
  // Two write the number 8; one of them is first.
  expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(1);
  expect(await kept()).toEqual(numbers.filter((n) => n !== 9));
});

test("the same key at the same moment is done once and answered alike, and with something else it is refused", async () => {
  const key = boundKey("sent-twice", { of: definitionId });
  const others = numbers.map(() => start());
  const answers = await Promise.all([start(key), start(key), start(key)]);
  expect(new Set(answers.map((answer) => must(answer).runId)).size).toBe(1);
  expect(await start(key)).toEqual(answers[0]);
  expect(await start(boundKey("sent-twice", { of: "else" }))).toEqual({ ok: false, refusal: { code: "key-reused" } });
  await Promise.all(others);
});

test("one that must wait for somebody else's lock does not keep the others", async () => {
  const runIds = (await Promise.all(numbers.slice(0, 12).map(() => start()))).map((one) => must(one).runId);
  const items = await Promise.all(runIds.map(theItem));
  const ended: string[] = [];
  const views = await Promise.all(items.map(async ({ workItemId }) => screen(await opened(ann, workItemId))));
  const finish = async (view: ScreenView) => {
    must(await sent(ann, view, { comment: "done" }));
    ended.push(view.workItemId);
  };
  const [held] = items;
  let letGo: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isLocked: () => void = () => undefined;
  const locked = new Promise<void>((resolve) => {
    isLocked = resolve;
  });
  const holder = transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.sql`select 1 from run where run_id = ${held?.runId ?? ""} for update`;
    isLocked();
    await until;
  });
  await locked;
  const all = Promise.all(views.map(finish));
  await expect.poll(() => ended.length).toBe(items.length - 1);
  expect(ended).not.toContain(held?.workItemId);
  letGo();
  await Promise.all([all, holder]);
  expect(ended).toContain(held?.workItemId);
});

test("each works as the answer to its own request", async () => {
  await emptied();
  const from = await Promise.all(
    numbers.map((n) =>
      inRequest(`10.0.0.${n}`, async () => {
        let address: string | undefined;
        await keep(n, async () => {
          address = askedNow()?.address;
          return ok(n);
        });
        return address;
      }),
    ),
  );
  expect(from).toEqual(numbers.map((n) => `10.0.0.${n}`));
});
