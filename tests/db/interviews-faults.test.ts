import { and, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { interview, record, run, workItem } from "../../db/schema";
import { runCommand } from "../../lib/command";
import { listFaults } from "../../lib/interviews/list-faults";
import { dispatch } from "../../lib/runs/dispatch";
import { runPage } from "../../lib/runs/queries/run-page";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aScreenFlow } from "../builders/flows";
import { anItem, interviewRow, opened, screen, sent } from "../builders/interviews";
import { aRecord, must } from "../builders/records";
import { aLaptop, aPortalWithScreens, thingsNamed } from "../builders/screens";

const { ada, cara, admin, boss } = await aPortalWithScreens();
let thing: string;
beforeEach(async () => {
  thing = await aLaptop(cara);
});
const item = (definition = "Equipping", label = "Equip") => anItem(cara, { definition, recordId: thing, label });

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
    expect(await listFaults(db(), runId)).toMatchObject([{ workItemId, personName: "Ada", error, element: "Change" }]);
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

describe("a screen flow that fails before its first screen", () => {
  /** Needs a thing named Key, changes it, and then asks. */
  const early = (onScreenFault: "keep_open" | "fail") => {
    const name = `Early_${onScreenFault}`;
    return activated(
      aScreenFlow("Early", {
        variables: [{ name: "theKey", type: "record", object: "Thing" }],
        start: "Find",
        elements: [
          {
            type: "get_records",
            name: "Find",
            label: "Find",
            object: "Thing",
            where: [{ field: "Name", operator: "equals", value: { literal: "Key" } }],
            into: "theKey",
            next: "Mark",
          },
          {
            type: "update_records",
            name: "Mark",
            label: "Mark the key",
            object: "Thing",
            record: "theKey",
            values: { Code: { literal: "taken" } },
            next: "Screen",
          },
          {
            type: "screen",
            name: "Screen",
            label: "Screen",
            fields: [{ name: "comment", type: "long_text", label: "Comment" }],
            next: null,
          },
        ],
      }),
      anOrchestration(
        [
          aStage("First", [
            anInteractiveStep("Early", {
              flow: "Early",
              assignee: { type: "user", value: { literal: ada.username } },
              onScreenFault,
            }),
          ]),
        ],
        { name },
      ),
    );
  };

  test("leaves the item open and its reason with the admins, and begins anew when it is opened again", async () => {
    await early("keep_open");
    const { runId, workItemId } = await item("Early_keep_open", "Early");
    const said = { type: "failed", message: expect.stringContaining("This form cannot be opened: Mark the key") };
    expect(must(await opened(ada, workItemId))).toMatchObject(said);
    const page = await runPage(db(), admin, runId);
    expect(page?.run.status).toBe("in_progress");
    expect(page?.stages[0]?.steps[0]?.run?.items).toMatchObject([
      { status: "assigned", faults: [{ personName: "Ada", error: expect.stringContaining("Mark the key") }] },
    ]);
    expect(must(await opened(ada, workItemId))).toMatchObject(said);
    expect(await listFaults(db(), runId)).toHaveLength(1);
    await aRecord("Thing", { Name: "Key", Owner: ada.userId });
    const view = screen(await opened(ada, workItemId));
    expect(view).toMatchObject({ screen: { name: "Screen" }, error: null });
    expect(await listFaults(db(), runId)).toEqual([]);
    expect(must(await sent(ada, view, { comment: "done" }))).toMatchObject({ type: "finished" });
  });

  test("where the step says so fails the step and the run, and keeps the interview", async () => {
    await early("fail");
    await db().update(record).set({ name: "No key" }).where(eq(record.name, "Key"));
    const { runId, workItemId } = await item("Early_fail", "Early");
    expect(must(await opened(ada, workItemId))).toMatchObject({ type: "failed" });
    const page = await runPage(db(), admin, runId);
    expect(page?.run.status).toBe("error");
    expect(page?.stages[0]?.steps[0]?.run).toMatchObject({ status: "error", errorElement: "Mark" });
    const kept = await db().select().from(interview).where(eq(interview.workItemId, workItemId));
    expect(kept).toMatchObject([{ status: "failed", errorElement: "Mark" }]);
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
