import { and, asc, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { assignment, outbox, user, workItem } from "../../db/schema";
import type { Person } from "../../lib/people/current-person";
import { sentenceOf } from "../../lib/refusals";
import { runPage } from "../../lib/runs/queries/run-page";
import { claimItem, releaseItem } from "../../lib/work/commands/claim-item";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listItems } from "../../lib/work/queries/list-items";
import { listRequests } from "../../lib/work/queries/list-requests";
import { countWork, listWork, openItemsOn } from "../../lib/work/queries/list-work";
import { reassignItems } from "../../lib/work/reassign-items";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aRun, aTeam, aThingWorld, commanded, finished, started, stateNow, theItem } from "../builders/runs";

let team: Awaited<ReturnType<typeof aTeam>>;
let gus: Person;
let gia: Person;
let groupId: string;
beforeAll(async () => {
  await aThingWorld();
  team = await aTeam();
  const [one, two] = [await aPerson({ name: "Gus Group" }), await aPerson({ name: "Gia Group" })];
  ({ groupId } = await aGroup("Crew", [one, two]));
  [gus, gia] = [await again(one), await again(two)];
});

const shared = anOrchestration(
  [aStage("First", [anInteractiveStep("Fill", { assignee: { type: "group", value: { literal: "Crew" } } })])],
  { name: "Shared" },
);
const claim = (person: Person, workItemId: string, takeOver = false) =>
  commanded(person, (tx) => claimItem(tx, person, { workItemId, takeOver }));
const release = (person: Person, workItemId: string) =>
  commanded(person, (tx) => releaseItem(tx, person, { workItemId }));
const give = (person: Person, workItemId: string, to: { type: "user" | "group" | "queue"; id: string }) =>
  commanded(person, (tx) => reassignItem(tx, person, { workItemId, to, reason: "Holiday" }));

describe("finishing", () => {
  test("a second finisher is told who finished and when", async () => {
    const { runId } = await aRun(shared, team.ann);
    const { workItemId } = await theItem(runId);
    must(await finished(gus, workItemId));
    const late = await finished(gia, workItemId);
    expect(late).toMatchObject({
      refusal: { code: "item-closed", details: { by: "Gus Group", byId: gus.userId, kind: "done" } },
    });
    expect(late.ok || sentenceOf(late.refusal)).toMatch(/^Gus Group already finished this work at .* UTC\./);
  });

  test("who has nothing to do with it is told that there is no such thing", async () => {
    const { runId } = await aRun(shared, team.ann);
    const stranger = await aPerson();
    expect(await finished(stranger, (await theItem(runId)).workItemId)).toMatchObject({
      refusal: { code: "not-found" },
    });
  });

  test("the person's next item of the same run is told, and none of another's", async () => {
    const steps = [
      anInteractiveStep("Fill"),
      anInteractiveStep("More", { entry: { type: "step_completed", step: "Fill" } }),
      anInteractiveStep("Theirs", {
        entry: { type: "step_completed", step: "More" },
        assignee: { type: "group", value: { literal: "Crew" } },
      }),
    ];
    const { runId, recordId } = await aRun(anOrchestration([aStage("First", steps)], { name: "Chain" }), team.ann);
    const first = must(await finished(team.ann, (await theItem(runId)).workItemId));
    const more = await theItem(runId);
    expect(first.next).toEqual({ workItemId: more.workItemId, recordPath: `/records/Thing/${recordId}` });
    expect(must(await finished(team.ann, more.workItemId)).next).toBeNull();
  });
});

describe("claiming (A14)", () => {
  test("hides the item from the others' to do, not from sight; they are told whose it is, and may take over", async () => {
    const { runId, recordId } = await aRun(shared, team.ann);
    const { workItemId } = await theItem(runId);
    must(await claim(gus, workItemId));
    const late = await finished(gia, workItemId);
    expect(late).toMatchObject({ refusal: { code: "claimed-by-other", details: { by: "Gus Group" } } });
    expect((await openItemsOn(db(), gia, recordId)).length).toBe(0);
    expect((await openItemsOn(db(), gus, recordId)).map((row) => row.workItemId)).toEqual([workItemId]);
    const groups = (await listWork(db(), gia, { view: "groups" })).rows.find((row) => row.workItemId === workItemId);
    expect(groups?.claimedBy?.name).toBe("Gus Group");
    must(await claim(gia, workItemId, true));
    expect(await finished(gus, workItemId)).toMatchObject({
      refusal: { code: "claimed-by-other", details: { by: "Gia Group" } },
    });
  });

  test("sends no mail and keeps the assignment; the claimer and managers release, others do not", async () => {
    const { runId } = await aRun(shared, team.ann);
    const { workItemId } = await theItem(runId);
    must(await claim(gus, workItemId));
    expect(await release(gia, workItemId)).toMatchObject({ refusal: { code: "not-your-work" } });
    must(await release(team.boss, workItemId));
    expect(await theItem(runId)).toMatchObject({ assigneeId: groupId, assignmentNo: 1, claimedBy: null, version: 3 });
    expect(await db().select().from(outbox).where(eq(outbox.workItemId, workItemId))).toHaveLength(2);
  });
});

describe("an item that nobody is told of by mail", () => {
  const flagged = async (workItemId: string) =>
    (await listItems(db(), { flagged: true })).rows.find((row) => row.workItemId === workItemId)?.flag ?? null;

  test("is flagged when it is given to a group without members, and no more when somebody else gets it", async () => {
    const { runId } = await aRun(shared, team.ann);
    const { workItemId } = await theItem(runId);
    const empty = await aGroup();
    must(await give(team.boss, workItemId, { type: "group", id: empty.groupId }));
    expect(await flagged(workItemId)).toBe("not_notified");
    must(await give(team.boss, workItemId, { type: "user", id: gus.userId }));
    expect(await flagged(workItemId)).toBeNull();
  });

  test("is flagged from the start when the assignee has no address that mail could go to", async () => {
    const mute = await aPerson();
    await db()
      .update(user)
      .set({ email: `${mute.username} at home` })
      .where(eq(user.userId, mute.userId));
    const assignee = { type: "user", value: { literal: mute.username } };
    const { runId } = await aRun(
      anOrchestration([aStage("First", [anInteractiveStep("Fill", { assignee })])], { name: "Mute" }),
      team.ann,
    );
    const item = await theItem(runId);
    expect(item).toMatchObject({ assigneeId: mute.userId, flag: "not_notified" });
    const page = await runPage(db(), team.boss, runId);
    expect(page?.stages[0]?.steps[0]?.run?.items).toMatchObject([{ flag: "not_notified" }]);
  });
});

describe("reassigning", () => {
  test("moves the item, numbers the assignment, withdraws the mail that waits and queues the new one", async () => {
    const { runId } = await aRun(shared, team.ann);
    const { workItemId } = await theItem(runId);
    must(await give(team.boss, workItemId, { type: "user", id: team.ann.userId }));
    const rows = await db()
      .select()
      .from(assignment)
      .where(eq(assignment.workItemId, workItemId))
      .orderBy(asc(assignment.assignmentNo));
    expect(rows).toMatchObject([
      { assignmentNo: 1, toType: "group", toId: groupId, byId: team.ann.userId },
      {
        assignmentNo: 2,
        fromId: groupId,
        toType: "user",
        toId: team.ann.userId,
        byId: team.boss.userId,
        reason: "Holiday",
      },
    ]);
    const mails = await db().select().from(outbox).where(eq(outbox.workItemId, workItemId));
    const told = mails.map((mail) => [mail.assignmentNo, mail.recipientId, mail.status]);
    expect(told).toEqual(
      expect.arrayContaining([
        [1, gus.userId, "withdrawn"],
        [1, gia.userId, "withdrawn"],
        [2, team.ann.userId, "queued"],
      ]),
    );
    const late = await finished(gus, workItemId);
    expect(late.ok || sentenceOf(late.refusal)).toContain("it is with Ann Asks now");
  });

  test("members do not; nor is it given to nobody, to who has left, or to who has it", async () => {
    const { runId } = await aRun(shared, team.ann);
    const { workItemId } = await theItem(runId);
    const gone = await aPerson({ active: false });
    expect(await give(gus, workItemId, { type: "user", id: team.ann.userId })).toMatchObject({
      refusal: { code: "not-your-work" },
    });
    for (const to of [
      { type: "user", id: gone.userId },
      { type: "user", id: groupId },
      { type: "group", id: "Crew" },
      { type: "queue", id: "que_x" },
    ] as const) {
      expect(await give(team.boss, workItemId, to)).toMatchObject({ refusal: { code: "unknown-assignee" } });
    }
    expect(await give(team.boss, workItemId, { type: "group", id: groupId })).toMatchObject({
      refusal: { code: "same-assignee" },
    });
  });

  test("many at once: those that can be moved are, the report says of the others why not, and a repeat moves nothing twice", async () => {
    const [open, done] = [await aRun(shared, team.ann), await aRun(shared, team.ann)];
    const [openItem, doneItem] = [await theItem(open.runId), await theItem(done.runId)];
    must(await finished(gus, doneItem.workItemId));
    const wish = {
      workItemIds: [openItem.workItemId, doneItem.workItemId, "wi_none", openItem.workItemId],
      to: { type: "user", id: gia.userId } as const,
      reason: "Balance",
      key: "bulk-key-1",
    };
    const report = await reassignItems(team.boss, wish);
    expect(report).toMatchObject({
      done: [openItem.workItemId],
      failed: [
        { workItemId: doneItem.workItemId, message: expect.stringContaining("Gus Group already finished") },
        { workItemId: "wi_none" },
      ],
    });
    expect((await reassignItems(team.boss, wish)).done).toEqual([openItem.workItemId]);
    expect((await theItem(open.runId)).assignmentNo).toBe(2);
  });
});

describe("My work", () => {
  test("each view shows what it is for", async () => {
    const asker = await again(await aPerson({ name: "Ike Asker" }));
    const { runId } = await aRun(shared, asker);
    const { workItemId } = await theItem(runId);
    const ids = async (person: Person, view: "now" | "waiting" | "groups" | "done") =>
      (await listWork(db(), person, { view })).rows.map((row) => row.workItemId);
    expect(await ids(asker, "waiting")).toEqual([workItemId]);
    expect(await ids(asker, "now")).toEqual([]);
    expect(await ids(gus, "groups")).toContain(workItemId);
    expect(await countWork(db(), asker)).toEqual({ now: 0, waiting: 1, groups: 0, approvals: 0 });
    expect((await listRequests(db(), asker.userId, {})).rows).toMatchObject([
      { runId, status: "in_progress", waitsFor: [{ type: "group", name: "Crew" }] },
    ]);
    must(await claim(gus, workItemId));
    expect(await ids(gus, "now")).toContain(workItemId);
    expect(await ids(gus, "groups")).not.toContain(workItemId);
    must(await finished(gus, workItemId));
    expect((await ids(gus, "done"))[0]).toBe(workItemId);
    expect(await ids(asker, "waiting")).toEqual([]);
  });

  test("pages by key without losing or repeating a row, and finds by label, record or process", async () => {
    const busy = await again(await aPerson());
    const { definitionId } = await activated(
      anOrchestration([aStage("First", [anInteractiveStep("Fill")])], { name: "Many", label: "Many things" }),
    );
    for (let count = 0; count < 53; count++) {
      const recordId = await aRecord("Thing", { Name: `Thing ${count}` }, busy);
      must(await started(busy, { definitionId, recordId, inputs: {} }));
    }
    const first = await listWork(db(), busy, { view: "now" });
    const second = await listWork(db(), busy, { view: "now", cursor: first.next ?? "" });
    expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 3, null]);
    expect(new Set([...first.rows, ...second.rows].map((row) => row.workItemId)).size).toBe(53);
    for (const [search, count] of [
      ["thing 52", 1],
      ["many THINGS", 50],
      ["fill", 50],
      ["%", 0],
      ["nothing like it", 0],
    ] as const) {
      expect((await listWork(db(), busy, { view: "now", search })).rows.length, search).toBe(count);
    }
    expect(
      (await listItems(db(), { definition: "Many", assignee: `user:${busy.userId}`, status: "assigned" })).rows.length,
    ).toBe(50);
    expect((await listItems(db(), { definition: "Many", olderThanHours: 1 })).rows).toEqual([]);
    expect((await listWork(db(), busy, { view: "now", cursor: "forged" })).rows.length).toBe(50);
  });
});

describe("one item", () => {
  test("says why it is there, what the record says, what was done with it and what the reader may do", async () => {
    const steps = [
      anInteractiveStep("Fill"),
      anInteractiveStep("Check", {
        description: "Look twice",
        entry: {
          type: "requirements",
          condition: {
            requirements: [
              { left: "$Record.Amount", operator: "greater_than", right: { literal: 500 } },
              { left: "Fill.Status", operator: "equals", right: { literal: "Completed" } },
            ],
          },
        },
        assignee: { type: "group", value: { literal: "Crew" } },
      }),
    ];
    const { runId } = await aRun(anOrchestration([aStage("First", steps)], { name: "Checked" }), team.ann, {
      values: { Amount: 12400 },
    });
    must(await finished(team.ann, (await theItem(runId)).workItemId));
    const { workItemId } = await theItem(runId);
    expect(await itemDetail(db(), gus, workItemId)).toMatchObject({
      why: "Here because Amount was “12400” and Fill.Status was “Completed”. The process assigns it to Crew.",
      description: "Look twice",
      facts: [{ label: "Amount", value: "12,400" }],
      hasScreens: true,
      stages: null,
      mayWork: true,
      mayClaim: true,
      mayReassign: false,
    });
    must(await give(team.boss, workItemId, { type: "user", id: gia.userId }));
    const moved = await itemDetail(db(), gia, workItemId);
    expect(moved?.why).toContain("Bea Boss gave it to you: Holiday");
    expect(moved?.history.map(({ title, actorName, comments }) => [title, actorName, comments])).toEqual([
      ["The process assigned it to Crew", null, null],
      ["gave it to Gia Group", "Bea Boss", "Holiday"],
    ]);
    expect(await itemDetail(db(), gus, workItemId)).toMatchObject({
      mayWork: false,
      mayClaim: false,
      item: { assignee: { name: "Gia Group" } },
    });
    expect((await itemDetail(db(), team.ann, workItemId))?.stages).toMatchObject([
      { label: "First", status: "in_progress" },
    ]);
    expect(await itemDetail(db(), await aPerson(), workItemId)).toBeNull();
    expect(await itemDetail(db(), team.boss, "wi_'; drop table run; --")).toBeNull();
  });

  test("a withdrawn item says that it was no longer needed", async () => {
    const steps = [
      anInteractiveStep("Fill"),
      anInteractiveStep("Other", { assignee: { type: "group", value: { literal: "Crew" } } }),
    ];
    const first = {
      exit: {
        type: "requirements",
        condition: { requirements: [{ left: "Fill.Status", operator: "equals", right: { literal: "Completed" } }] },
      },
    };
    const { runId } = await aRun(anOrchestration([aStage("First", steps, first)], { name: "FirstWins" }), team.ann);
    const items = (await stateNow(runId)).items;
    const [mine, theirs] = [items.find(({ label }) => label === "Fill"), items.find(({ label }) => label === "Other")];
    must(await finished(team.ann, mine?.id ?? ""));
    const late = await finished(gus, theirs?.id ?? "");
    expect(late.ok || sentenceOf(late.refusal)).toContain("it was no longer needed");
    const [row] = await db()
      .select()
      .from(workItem)
      .where(and(eq(workItem.runId, runId), eq(workItem.label, "Other")));
    expect(row).toMatchObject({ status: "completed", completionKind: "withdrawn", completedBy: null });
  });
});
