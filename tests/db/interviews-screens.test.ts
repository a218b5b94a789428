import { and, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { interview, record, stepRun, workItem } from "../../db/schema";
import { newId } from "../../lib/ids";
import { sendScreen } from "../../lib/work/send-screen";
import { anItem, interviewRow, opened, screen, sent } from "../builders/interviews";
import { aRecord, must } from "../builders/records";
import { aLaptop, aPortalWithScreens, draftOf, thingsNamed } from "../builders/screens";

const { ada, ben, cara, admin, boss } = await aPortalWithScreens();
let thing: string;
beforeEach(async () => {
  thing = await aLaptop(cara);
});
const item = (definition = "Equipping", label = "Equip") => anItem(cara, { definition, recordId: thing, label });

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
    must(await draftOf(ada, one, { Model: "X", Parent: secret }));
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
      expect(await draftOf(stranger, one, { Model: "X" })).toMatchObject({ ok: false, refusal: { code: "not-found" } });
    }
    expect(await sent(ben, one, { Model: "X" })).toMatchObject({ ok: false, refusal: { code: "not-found" } });
    expect(await opened(ada, newId("workItem"))).toMatchObject({ ok: false, refusal: { code: "not-found" } });
  });
});

test("opening twice at once begins one interview", async () => {
  const { workItemId } = await item();
  const views = await Promise.all([opened(ada, workItemId), opened(ada, workItemId), opened(ada, workItemId)]);
  expect(new Set(views.map((view) => screen(view).interviewId)).size).toBe(1);
  expect(await db().select().from(interview).where(eq(interview.workItemId, workItemId))).toHaveLength(1);
});
