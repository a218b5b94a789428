import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { interview, record, run, stepRun, workItem } from "../../db/schema";
import { runCommand } from "../../lib/command";
import { newId } from "../../lib/ids";
import { saveDraft } from "../../lib/interviews/commands/save-draft";
import type { ScreenView } from "../../lib/interviews/schema";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import { sentenceOf } from "../../lib/refusals";
import { dispatch } from "../../lib/runs/dispatch";
import { sendScreen } from "../../lib/work/send-screen";
import {
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aScreenFlow,
  aStage,
} from "../builders/definitions";
import { anItem, interviewRow, opened, screen, sent } from "../builders/interviews";
import { aGroup, again, aPerson } from "../builders/people";
import { anObject, aRecord, commanded, must } from "../builders/records";

let ada: Person;
let ben: Person;
let cara: Person;
let admin: Person;
let boss: Person;
let thing: string;

const recordId = { name: "recordId", type: "text", isInput: true };
const is = (left: string, literal: unknown) => ({ requirements: [{ left, operator: "equals", right: { literal } }] });

/** Two screens with a note between them; at the end a new record, and a change of the run's own. */
const equip = aScreenFlow("Equip", {
  variables: [
    recordId,
    { name: "theThing", type: "record", object: "Thing" },
    { name: "summary", type: "text", isOutput: true },
  ],
  start: "One",
  elements: [
    {
      type: "screen",
      name: "One",
      label: "What is needed",
      next: "Note",
      fields: [
        { name: "Model", type: "text", label: "Model", required: true },
        { name: "Buddy", type: "lookup", lookup: "user", label: "Buddy" },
        { name: "Parent", type: "lookup", lookup: "Secret", label: "Parent" },
      ],
    },
    {
      type: "assignment",
      name: "Note",
      label: "Note",
      assignments: [{ variable: "summary", value: { template: "{!Model} from {!Buddy.Name}" } }],
      next: "Two",
    },
    {
      type: "screen",
      name: "Two",
      label: "Check",
      next: "Make",
      fields: [
        { name: "Shown", type: "display_text", label: "You chose {!Model}" },
        { name: "Cost", type: "currency", label: "Cost" },
      ],
    },
    {
      type: "create_records",
      name: "Make",
      label: "Note the device",
      object: "Thing",
      values: { Name: { ref: "Model" }, Amount: { ref: "Cost" } },
      next: "Find",
    },
    {
      type: "get_records",
      name: "Find",
      label: "Find",
      object: "Thing",
      where: [{ field: "Id", operator: "equals", value: { ref: "recordId" } }],
      into: "theThing",
      next: "Change",
    },
    {
      type: "update_records",
      name: "Change",
      label: "Note the model",
      object: "Thing",
      record: "theThing",
      values: { Code: { ref: "Model" } },
      next: null,
    },
  ],
});

const decide = aScreenFlow("Decide", {
  variables: [
    recordId,
    { name: "nothing", type: "record", object: "Thing" },
    { name: "approvalDecision", type: "text", isOutput: true },
    { name: "approvalComments", type: "text", isOutput: true },
  ],
  start: "Ask",
  elements: [
    {
      type: "screen",
      name: "Ask",
      label: "Decide",
      fields: [
        { name: "Choice", type: "text", label: "Choice" },
        { name: "Why", type: "long_text", label: "Why" },
      ],
      next: "Take",
    },
    {
      type: "assignment",
      name: "Take",
      label: "Take",
      next: "Which",
      assignments: [
        { variable: "approvalDecision", value: { ref: "Choice" } },
        { variable: "approvalComments", value: { ref: "Why" } },
      ],
    },
    {
      type: "decision",
      name: "Which",
      label: "Which",
      outcomes: [{ name: "Broken", label: "Broken", when: is("Choice", "Break"), next: "Change" }],
      defaultNext: null,
    },
    {
      type: "update_records",
      name: "Change",
      label: "Change nothing",
      object: "Thing",
      record: "nothing",
      values: {},
      next: null,
    },
  ],
});

const toTeam = { assignee: { type: "group", value: { literal: "Team" } }, inputs: { recordId: { ref: "$Record.Id" } } };
const equipping = (name: string, more: object = {}) =>
  anOrchestration(
    [
      aStage("First", [
        anInteractiveStep("Equip", { flow: "Equip", ...toTeam, ...more }),
        anInteractiveStep("Greet", toTeam),
      ]),
    ],
    { name, label: name },
  );

beforeAll(async () => {
  boss = await aPerson({ name: "Bo Boss" });
  admin = await aPerson({ name: "Adam Admin", role: "admin" });
  [ada, ben, cara] = [
    await aPerson({ name: "Ada" }),
    await aPerson({ name: "Ben" }),
    await aPerson({ name: "Cara", managerId: boss.userId }),
  ];
  await aGroup("Team", [ada, ben]);
  [ada, ben] = [await again(ada), await again(ben)];
  await anObject("Thing", { Amount: { type: "currency" }, Code: { type: "text" } }, "read");
  await anObject("Secret", {});
  await activated(
    equip,
    aScreenFlow(),
    decide,
    equipping("Equipping", { mayEditRecord: true }),
    equipping("Forbidden"),
    equipping("Strict", { onScreenFault: "fail" }),
    anApprovalProcess(
      [aStage("First", [anApprovalStep("Approve", { flow: "Decide", inputs: { recordId: { ref: "$Record.Id" } } })])],
      { name: "Deciding" },
    ),
  );
});

beforeEach(async () => {
  thing = await aRecord("Thing", { Name: "Laptop", Owner: cara.userId });
});

const item = (definition = "Equipping", label = "Equip") => anItem(cara, { definition, recordId: thing, label });
const draft = (
  person: Person,
  view: ScreenView,
  values: { [field: string]: Value },
  draftVersion = view.draftVersion,
) =>
  commanded((tx) =>
    saveDraft(tx, person, { interviewId: view.interviewId, screen: view.screen.name, values, draftVersion }),
  );
const thingsNamed = (name: string) =>
  db()
    .select()
    .from(record)
    .where(and(eq(record.objectName, "Thing"), eq(record.name, name)));

describe("a screen flow of a work item", () => {
  test("goes from screen to screen, and its end is the end of the item, its step's outputs and its data, at once", async () => {
    const { runId, workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    expect(one).toMatchObject({
      flowLabel: "Equip",
      values: { Model: null, Buddy: null, Parent: null },
      draftSavedAt: null,
      error: null,
      screen: { canGoBack: false, isLast: false },
    });
    const two = screen(await sent(ada, one, { Model: "X1", Buddy: ben.userId }));
    expect(two.screen).toMatchObject({
      name: "Two",
      canGoBack: true,
      isLast: true,
      fields: [{ label: "You chose X1" }, { label: "Cost" }],
    });
    const end = must(await sent(ada, two, { Cost: 999.9 }));
    const [next] = await db()
      .select()
      .from(workItem)
      .where(and(eq(workItem.runId, runId), eq(workItem.label, "Greet")));
    expect(end).toEqual({
      type: "finished",
      next: { workItemId: next?.workItemId, recordPath: `/records/Thing/${thing}` },
    });
    const [done] = await db().select().from(workItem).where(eq(workItem.workItemId, workItemId));
    expect(done).toMatchObject({ status: "completed", completionKind: "done", completedBy: ada.userId });
    const [step] = await db()
      .select()
      .from(stepRun)
      .where(eq(stepRun.stepRunId, done?.stepRunId ?? ""));
    expect(step).toMatchObject({ status: "completed", outputs: { summary: "X1 from Ben" } });
    const [made] = await thingsNamed("X1");
    expect(made).toMatchObject({ ownerId: ada.userId, data: { Amount: 999.9 } });
    const [changed] = await db().select().from(record).where(eq(record.recordId, thing));
    expect(changed?.data).toMatchObject({ Code: "X1" });
    expect(await interviewRow(one.interviewId)).toMatchObject({ status: "finished", draft: null });
  });

  test("is sent once, however often the same Next arrives", async () => {
    const { workItemId } = await item();
    const two = screen(await sent(ada, screen(await opened(ada, workItemId)), { Model: "Twice" }));
    const finish = () =>
      sendScreen(ada, {
        interviewId: two.interviewId,
        screen: "Two",
        values: {},
        direction: "next",
        key: "the-same-key",
      });
    const [first, second] = await Promise.all([finish(), finish()]);
    expect(first).toEqual(second);
    expect(must(first).type).toBe("finished");
    expect(await thingsNamed("Twice")).toHaveLength(1);
  });

  test("stays where it is while an answer is wrong, and says what at the field", async () => {
    const { workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    expect(await sent(ada, one, { Model: " ", Other: 1 })).toEqual({
      ok: false,
      refusal: {
        code: "invalid",
        problems: [
          { path: "Other", message: "Other is no field of this screen." },
          { path: "Model", message: "Model is required." },
        ],
      },
    });
    expect(screen(await opened(ada, workItemId)).screen.name).toBe("One");
  });

  test("takes no person or record that is not there, or not theirs to see", async () => {
    const { workItemId } = await item();
    const secret = await aRecord("Secret", { Owner: admin.userId });
    const one = screen(await opened(ada, workItemId));
    const refused = await sent(ada, one, { Model: "X", Buddy: newId("user"), Parent: secret });
    expect(refused).toMatchObject({
      ok: false,
      refusal: {
        problems: [
          { path: "Buddy", message: "Buddy must be an active person." },
          { path: "Parent", message: "Parent must be a record that exists and that you may see." },
        ],
      },
    });
    must(await draft(ada, one, { Model: "X", Parent: secret }));
    expect(screen(await opened(ada, workItemId)).names).toEqual({});
  });

  test("keeps the answers of both screens on the way back", async () => {
    const { workItemId } = await item();
    const two = screen(await sent(ada, screen(await opened(ada, workItemId)), { Model: "X1", Buddy: ben.userId }));
    const one = screen(await sent(ada, two, { Cost: 5 }, "back"));
    expect(one).toMatchObject({
      screen: { name: "One" },
      values: { Model: "X1", Buddy: ben.userId },
      names: { [ben.userId]: "Ben" },
    });
    expect(screen(await sent(ada, one, { Model: "X2" })).values).toEqual({ Cost: 5 });
  });

  test("is nobody's but those who have the work", async () => {
    const { workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    for (const stranger of [cara, admin, boss]) {
      expect(await opened(stranger, workItemId)).toMatchObject({ ok: false, refusal: { code: "not-found" } });
      expect(await sent(stranger, one, { Model: "X" })).toMatchObject({ ok: false, refusal: { code: "not-found" } });
      expect(await draft(stranger, one, { Model: "X" })).toMatchObject({ ok: false, refusal: { code: "not-found" } });
    }
    expect(await sent(ben, one, { Model: "X" })).toMatchObject({ ok: false, refusal: { code: "not-found" } });
    expect(await opened(ada, newId("workItem"))).toMatchObject({ ok: false, refusal: { code: "not-found" } });
  });
});

describe("a draft", () => {
  test("is there when a closed tab is opened again, and is no answer yet", async () => {
    const { workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    const saved = must(await draft(ada, one, { Model: "half a mod", Buddy: ben.userId }));
    expect(saved).toMatchObject({ type: "saved", draftVersion: 1 });
    const later = screen(await opened(ada, workItemId));
    expect(later).toMatchObject({
      values: { Model: "half a mod", Buddy: ben.userId, Parent: null },
      draftVersion: 1,
      names: { [ben.userId]: "Ben" },
    });
    expect(later.draftSavedAt).toBe(saved.type === "saved" ? saved.savedAt : null);
  });

  test("of one tab does not run over that of another: the older one is told what is stored", async () => {
    const { workItemId } = await item();
    const [one, other] = [screen(await opened(ada, workItemId)), screen(await opened(ada, workItemId))];
    must(await draft(ada, one, { Model: "first" }));
    expect(must(await draft(ada, other, { Model: "second" }))).toMatchObject({
      type: "conflict",
      values: { Model: "first" },
      draftVersion: 1,
    });
    expect((await interviewRow(one.interviewId)).draft).toEqual({ Model: "first" });
    const [a, b] = await Promise.all([draft(ada, one, { Model: "a" }, 1), draft(ada, one, { Model: "b" }, 1)]);
    expect([must(a).type, must(b).type].sort()).toEqual(["conflict", "saved"]);
  });

  test("of a screen that another tab has left is not saved, and neither is its Next", async () => {
    const { workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    must(await sent(ada, one, { Model: "X" }));
    expect(await draft(ada, one, { Model: "late" })).toMatchObject({ ok: false, refusal: { code: "screen-moved" } });
    expect(await sent(ada, one, { Model: "late" })).toMatchObject({ ok: false, refusal: { code: "screen-moved" } });
  });

  test("of one member of the team is not the other's", async () => {
    const { workItemId } = await item();
    must(await draft(ada, screen(await opened(ada, workItemId)), { Model: "Ada's" }));
    expect(screen(await opened(ben, workItemId)).values.Model).toBeNull();
  });

  test("holds what the second finisher typed, who is told who was first and when", async () => {
    const { workItemId } = await item();
    const [mine, theirs] = [screen(await opened(ada, workItemId)), screen(await opened(ben, workItemId))];
    must(await sent(ada, screen(await sent(ada, mine, { Model: "X" })), {}));
    const refused = await sent(ben, theirs, { Model: "Ben's long work" });
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: "item-closed", details: { kind: "done", by: "Ada", at: expect.stringMatching(/^2.*Z$/) } },
    });
    expect((await interviewRow(theirs.interviewId)).draft).toEqual({ Model: "Ben's long work" });
    must(await draft(ben, { ...theirs, draftVersion: 1 }, { Model: "and more" }));
  });

  test("survives that the item goes to somebody else and comes back", async () => {
    const { runId, workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    must(await draft(ada, one, { Model: "kept" }));
    const give = (to: Person) =>
      runCommand({ kind: "reassign", actorId: admin.userId }, (tx) =>
        dispatch(tx, admin, {
          runId,
          command: { type: "reassign-work-item", workItemId, to: { type: "user", id: to.userId }, reason: "holiday" },
        }),
      );
    must(await give(boss));
    expect(await sent(ada, one, { Model: "kept, and more" })).toMatchObject({ ok: false });
    expect((await interviewRow(one.interviewId)).draft).toEqual({ Model: "kept, and more" });
    must(await give(ada));
    expect(screen(await opened(ada, workItemId)).values.Model).toBe("kept, and more");
  });
});

describe("a screen flow that fails", () => {
  test("at an interactive step writes nothing, keeps the item open, and gives back what was typed with the reason", async () => {
    const { runId, workItemId } = await item("Forbidden");
    const two = screen(await sent(ada, screen(await opened(ada, workItemId)), { Model: "Nope" }));
    const failed = screen(await sent(ada, two, { Cost: 7 }));
    const error = "Note the model: there is no such record, or this flow may not change it.";
    expect(failed).toMatchObject({ error, screen: { name: "Two" }, values: { Cost: 7 } });
    expect(await thingsNamed("Nope")).toEqual([]);
    expect(await interviewRow(two.interviewId)).toMatchObject({
      status: "open",
      error,
      errorElement: "Change",
      draft: { Cost: 7 },
    });
    const [open] = await db().select().from(run).where(eq(run.runId, runId));
    expect(open?.status).toBe("in_progress");
    expect(screen(await opened(ada, workItemId))).toMatchObject({ error, values: { Cost: 7 } });
  });

  test("where the step says so fails the step and the run; retried, it has what was typed", async () => {
    const { runId, workItemId } = await item("Strict");
    const two = screen(await sent(ada, screen(await opened(ada, workItemId)), { Model: "Once" }));
    expect(must(await sent(ada, two, { Cost: 7 }))).toMatchObject({
      type: "failed",
      message: expect.stringContaining("Note the model"),
    });
    expect(await interviewRow(two.interviewId)).toMatchObject({ status: "failed", draft: { Cost: 7 } });
    const [broken] = await db().select().from(run).where(eq(run.runId, runId));
    expect(broken?.status).toBe("error");
    expect(await thingsNamed("Once")).toEqual([]);
    must(
      await runCommand({ kind: "retry", actorId: admin.userId }, (tx) =>
        dispatch(tx, admin, { runId, command: { type: "retry", reason: "try again" } }),
      ),
    );
    const [second] = await db()
      .select()
      .from(workItem)
      .where(and(eq(workItem.runId, runId), eq(workItem.label, "Equip"), eq(workItem.status, "assigned")));
    const one = screen(await opened(ada, second?.workItemId ?? ""));
    expect(one.values.Model).toBe("Once");
    expect(screen(await sent(ada, one, { Model: "Once" })).values).toEqual({ Cost: 7 });
  });
});

describe("an approval with screens", () => {
  const approval = () => anItem(cara, { definition: "Deciding", recordId: thing, label: "Approve" });

  test.each([
    ["Approve", "approve"],
    ["Reject", "reject"],
  ])("that says %s is decided so, with the comment", async (choice, outcome) => {
    const { workItemId } = await approval();
    expect(must(await sent(boss, screen(await opened(boss, workItemId)), { Choice: choice, Why: "because" }))).toEqual({
      type: "finished",
      next: null,
    });
    const [done] = await db().select().from(workItem).where(eq(workItem.workItemId, workItemId));
    expect(done).toMatchObject({ outcome, comments: "because", completedBy: boss.userId });
  });

  test.each(["approve", "Maybe", ""])("that says %j fails its step", async (choice) => {
    const { runId, workItemId } = await approval();
    expect(must(await sent(boss, screen(await opened(boss, workItemId)), { Choice: choice }))).toMatchObject({
      type: "failed",
      message: expect.stringContaining("approvalDecision"),
    });
    const [failed] = await db().select().from(run).where(eq(run.runId, runId));
    expect(failed?.status).toBe("error");
  });

  test("fails its step when a screen fails, and keeps what was typed", async () => {
    const { runId, workItemId } = await approval();
    const ask = screen(await opened(boss, workItemId));
    expect(must(await sent(boss, ask, { Choice: "Break", Why: "long thought" }))).toMatchObject({ type: "failed" });
    const [failed] = await db().select().from(run).where(eq(run.runId, runId));
    expect(failed).toMatchObject({ status: "error" });
    expect((await interviewRow(ask.interviewId)).draft).toEqual({ Choice: "Break", Why: "long thought" });
  });
});

test("two members who finish at once: one is done, the other is told", async () => {
  const { workItemId } = await item();
  const [mine, theirs] = [screen(await opened(ada, workItemId)), screen(await opened(ben, workItemId))];
  const [a, b] = [screen(await sent(ada, mine, { Model: "Race" })), screen(await sent(ben, theirs, { Model: "Race" }))];
  const ends = await Promise.all([sent(ada, a, {}), sent(ben, b, {})]);
  expect(ends.filter((end) => end.ok)).toHaveLength(1);
  const [lost] = ends.filter((end) => !end.ok);
  expect(lost && !lost.ok && sentenceOf(lost.refusal)).toContain(ends[0]?.ok ? "Ada" : "Ben");
  expect(await thingsNamed("Race")).toHaveLength(1);
});

test("opening twice at once begins one interview", async () => {
  const { workItemId } = await item();
  const views = await Promise.all([opened(ada, workItemId), opened(ada, workItemId), opened(ada, workItemId)]);
  expect(new Set(views.map((view) => screen(view).interviewId)).size).toBe(1);
  expect(await db().select().from(interview).where(eq(interview.workItemId, workItemId))).toHaveLength(1);
});
