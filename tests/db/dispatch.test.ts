import { and, asc, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { command, definitionVersion, history, job, outbox, run, user, wait, workItem } from "../../db/schema";
import { isId, newId } from "../../lib/ids";
import { saveRecord } from "../../lib/records/commands/save-record";
import { eventOf } from "../../lib/runs/chain";
import { cancelRun, retryRun } from "../../lib/runs/commands";
import { dispatch } from "../../lib/runs/dispatch";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, finished, started, stateNow, theItem } from "../builders/runs";

const team = await aTeamWithThings();

const afterStep = (step: string) => ({ entry: { type: "step_completed", step } });
const waitsFor = (field: string, value: string) => ({
  type: "requirements",
  condition: { requirements: [{ left: `$Record.${field}`, operator: "equals", right: { literal: value } }] },
});
const historyOf = (runId: string) =>
  db().select().from(history).where(eq(history.runId, runId)).orderBy(asc(history.seq));
const rowOf = async (runId: string) => (await db().select().from(run).where(eq(run.runId, runId)))[0];
const setStatus = (id: string, Status: string) =>
  commanded(null, (tx) => saveRecord(tx, "system", { object: "Thing", id, values: { Status } }));

test("a run goes from its start through a person and a flow to its end", async () => {
  const { ann } = team;
  const definition = anOrchestration([
    aStage("First", [anInteractiveStep("Fill"), aBackgroundStep("Work", afterStep("Fill"))]),
  ]);
  const { runId } = await aRun(definition, ann);
  const item = await theItem(runId);
  expect(item).toMatchObject({
    assigneeId: ann.userId,
    processLabel: "Process",
    stageLabel: "First",
    recordName: "A Thing",
    label: "Fill",
  });
  must(await finished(ann, item.workItemId));
  const state = await stateNow(runId);
  expect(state.run.status).toBe("completed");
  expect(state.steps.map(({ name, status, outputs }) => [name, status, outputs])).toEqual([
    ["Fill", "completed", { comment: "done" }],
    ["Work", "completed", { result: "done" }],
  ]);
});

describe("what one command leaves", () => {
  test("history numbered from 1 under its own command, ids of one form, the run's head, and a mail to the assignee", async () => {
    const { runId } = await aRun(anOrchestration(), team.ann);
    const rows = await historyOf(runId);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    expect(new Set(rows.map(({ commandId }) => commandId)).size).toBe(1);
    expect(await rowOf(runId)).toMatchObject({ version: 1, headSeq: rows.length, headHash: rows.at(-1)?.hash });
    const { stages, steps, items } = await stateNow(runId);
    expect([
      isId("stageRun", stages[0]?.id ?? ""),
      isId("stepRun", steps[0]?.id ?? ""),
      isId("workItem", items[0]?.id ?? ""),
    ]).toEqual([true, true, true]);
    const mails = await db().select().from(outbox).where(eq(outbox.runId, runId));
    expect(mails).toMatchObject([
      { kind: "assignment", recipientId: team.ann.userId, assignmentNo: 1, status: "queued" },
    ]);
    const [first] = await db()
      .select()
      .from(command)
      .where(eq(command.commandId, rows[0]?.commandId ?? ""));
    expect(first?.runId).toBe(runId);
  });

  test("what people wrote is beside the chain: erased, the chain still holds and the event says so", async () => {
    const { runId } = await aRun(anOrchestration(), team.ann);
    must(await finished(team.ann, (await theItem(runId)).workItemId, { comment: "secret" }));
    const [row] = await db()
      .select()
      .from(history)
      .where(and(eq(history.runId, runId), eq(history.type, "step-outputs-stored")));
    expect(JSON.stringify(row?.payload)).not.toContain("secret");
    expect(row && eventOf(row)).toMatchObject({ outputs: { comment: "secret" } });
    expect(row && eventOf({ ...row, personal: null })).toBeNull();
  });

  test("the version counts commands, not the times that one came by (I27)", async () => {
    const { runId } = await aRun(
      anOrchestration([
        aStage("First", [
          anInteractiveStep("Fill", { assignee: { type: "user", value: { literal: team.ann.userId } } }),
          anInteractiveStep("Also", { assignee: { type: "user", value: { literal: team.ann.userId } } }),
        ]),
      ]),
      team.ann,
    );
    const [one, two] = (await stateNow(runId)).items;
    must(
      await commanded(team.boss, async (tx) => {
        for (const item of [one, two]) {
          const moved = await dispatch(tx, team.boss, {
            runId,
            command: {
              type: "reassign-work-item",
              workItemId: item?.id ?? "",
              to: { type: "user", id: team.boss.userId },
              reason: "",
            },
          });
          if (!moved.ok) return moved;
        }
        return { ok: true, value: null } as const;
      }),
    );
    expect((await rowOf(runId))?.version).toBe(2);
  });

  test("a refusal leaves nothing: no history, no command, no mail (I48)", async () => {
    const { runId } = await aRun(anOrchestration(), team.ann);
    const before = [await historyOf(runId), await db().select().from(command), await db().select().from(outbox)];
    expect(await finished(team.boss, (await theItem(runId)).workItemId)).toMatchObject({
      refusal: { code: "not-your-work" },
    });
    expect([await historyOf(runId), await db().select().from(command), await db().select().from(outbox)]).toEqual(
      before,
    );
  });

  test("the same key again is answered and done once (P3)", async () => {
    const { definitionId } = await activated(anOrchestration());
    const recordId = await aRecord("Thing", {}, team.ann);
    const key = newId("command");
    const { startRun } = await import("../../lib/runs/start");
    const again = () =>
      commanded(team.ann, (tx) => startRun(tx, team.ann, { definitionId, recordId, inputs: {} }), key);
    const answers = await Promise.all([again(), again(), again(), again()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await db().select().from(run).where(eq(run.recordId, recordId))).toHaveLength(1);
  });
});

describe("flows", () => {
  test("an asynchronous step is one job; its end by Baton goes on with the run", async () => {
    const forced = aBackgroundStep("Work", { processing: "asynchronous" });
    const { runId } = await aRun(anOrchestration([aStage("First", [forced])]), team.ann);
    const [step] = (await stateNow(runId)).steps;
    expect(await db().select().from(job).where(eq(job.runId, runId))).toMatchObject([
      { kind: "run_flow", stepRunId: step?.id, status: "queued", payload: { flow: "Do", version: 1 } },
    ]);
    const end = { type: "flow-finished", stepRunId: step?.id ?? "", outputs: { result: "x" } } as const;
    expect(await commanded(team.admin, (tx) => dispatch(tx, team.admin, { runId, command: end }))).toMatchObject({
      ok: false,
    });
    must(await commanded(null, (tx) => dispatch(tx, "system", { runId, command: end })));
    expect((await stateNow(runId)).run.status).toBe("completed");
    await db().delete(job).where(eq(job.runId, runId));
  });

  test("a step uses the version of its flow that is active when its stage begins, a run the version it began with", async () => {
    const { ann } = team;
    await activated(aBackgroundFlow("Late"));
    const stages = [
      aStage("One", [anInteractiveStep("Fill")], { next: "Two" }),
      aStage("Two", [aBackgroundStep("Work", { flow: "Late" })]),
    ];
    const definition = anOrchestration(stages, { name: "Pinned" });
    const { runId } = await aRun(definition, ann);
    await activated(aBackgroundFlow("Late", { label: "Late, newer" }));
    await activated(anOrchestration([aStage("Other", [anInteractiveStep("Fill")])], { name: "Pinned" }));
    must(await finished(ann, (await theItem(runId)).workItemId));
    const state = await stateNow(runId);
    expect(state.steps.at(-1)).toMatchObject({ name: "Work", status: "completed", flow: { version: 2 } });
    expect(await rowOf(runId)).toMatchObject({ definitionVersion: 1, status: "completed" });
  });

  test("a failed flow ends the run in Error, tells author and admins, and is tried again in its repaired version", async () => {
    await activated(aBackgroundFlow("Frail"));
    const definition = anOrchestration(
      [
        aStage("One", [anInteractiveStep("Fill")], { next: "Two" }),
        aStage("Two", [aBackgroundStep("Work", { flow: "Frail" })]),
      ],
      { name: "Fragile" },
    );
    const { runId } = await aRun(definition, team.ann);
    await db().update(definitionVersion).set({ status: "inactive" }).where(eq(definitionVersion.definitionId, "Frail"));
    must(await finished(team.ann, (await theItem(runId)).workItemId));
    expect(await rowOf(runId)).toMatchObject({ status: "error", error: expect.stringContaining("Frail") });
    const mails = await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.runId, runId), eq(outbox.kind, "failure")));
    expect(mails.map(({ recipientId }) => recipientId)).toContain(team.admin.userId);
    expect(await commanded(team.boss, (tx) => retryRun(tx, team.boss, { runId, reason: "mended" }))).toMatchObject({
      refusal: { code: "not-your-work" },
    });
    await db().update(definitionVersion).set({ status: "active" }).where(eq(definitionVersion.definitionId, "Frail"));
    must(await commanded(team.admin, (tx) => retryRun(tx, team.admin, { runId, reason: "mended" })));
    expect((await stateNow(runId)).run).toMatchObject({ status: "completed" });
  });
});

test("a chain of flows that goes on and on leaves as a job after a while, and goes on from there (I51)", async () => {
  const more = {
    type: "decision",
    name: "More",
    label: "More",
    outcomes: [{ name: "Stop", label: "Stop", when: waitsFor("Status", "Stop").condition, next: null }],
    defaultNext: "First",
  };
  const looping = anOrchestration([aStage("First", [aBackgroundStep("Work")], { next: "More" }), more], {
    name: "Chain",
  });
  const { runId } = await aRun(looping, team.ann);
  const jobs = await db().select().from(job).where(eq(job.runId, runId));
  expect(jobs).toMatchObject([{ kind: "run_flow", status: "queued" }]);
  const { run: now, stages } = await stateNow(runId);
  expect([now.status, now.stalledSince, stages.length]).toEqual(["in_progress", null, 51]);
  const end = { type: "flow-finished", stepRunId: jobs[0]?.stepRunId ?? "", outputs: {} } as const;
  must(await commanded(null, (tx) => dispatch(tx, "system", { runId, command: end })));
  expect((await stateNow(runId)).stages).toHaveLength(102);
  await db().delete(job).where(eq(job.stepRunId, end.stepRunId));
  must(await commanded(team.admin, (tx) => cancelRun(tx, team.admin, { runId, reason: "enough" })));
  await db().delete(job).where(eq(job.runId, runId));
});

describe("assignees (A16)", () => {
  const assigned = (assignee: object, more: object = {}) =>
    anOrchestration([aStage("First", [anInteractiveStep("Fill", { assignee })])], { name: "Assigned", ...more });
  const manager = { type: "resource", value: { ref: "$Record.Owner.Manager" } };

  test("a reference leads to the record's owner's manager", async () => {
    const { runId } = await aRun(assigned(manager), team.ann);
    expect(await theItem(runId)).toMatchObject({ assigneeType: "user", assigneeId: team.boss.userId, flag: null });
  });

  test("one that leads nowhere falls to who started the run, flagged", async () => {
    const alone = await aPerson();
    const { runId } = await aRun(assigned(manager), alone);
    expect(await theItem(runId)).toMatchObject({ assigneeId: alone.userId, flag: "fallback" });
  });

  test("an inactive one falls to the definition's own choice first, flagged", async () => {
    const gone = await aPerson();
    const { boss } = team;
    const ann = await again(await aPerson({ managerId: gone.userId }));
    await db().update(user).set({ active: false }).where(eq(user.userId, gone.userId));
    const definition = assigned(manager, { fallbackAssignee: { type: "user", value: boss.username } });
    const { runId } = await aRun(definition, ann);
    expect(await theItem(runId)).toMatchObject({ assigneeId: boss.userId, flag: "inactive_assignee" });
  });
});

describe("waiting for the record", () => {
  const waiting = anOrchestration([aStage("First", [anInteractiveStep("Fill", { entry: waitsFor("Status", "Go") })])], {
    name: "Waiting",
  });

  test("a run that waits has one open wait, no stall; a change leaves one wake job, which starts the step", async () => {
    const { runId, recordId } = await aRun(waiting, team.ann);
    const waits = () => db().select().from(wait).where(eq(wait.runId, runId));
    expect(await waits()).toMatchObject([{ kind: "event", recordId, resolvedAt: null }]);
    must(await setStatus(recordId, "Half"));
    must(await setStatus(recordId, "Go"));
    expect(await db().select().from(job).where(eq(job.runId, runId))).toMatchObject([
      { kind: "wake", status: "queued" },
    ]);
    must(
      await commanded(null, (tx) =>
        dispatch(tx, "system", { runId, command: { type: "wake", cause: { type: "record" } } }),
      ),
    );
    expect(await theItem(runId)).toMatchObject({ label: "Fill" });
    expect((await waits())[0]?.resolvedAt).not.toBeNull();
    await db().delete(job).where(eq(job.runId, runId));
  });

  test("a save that is committed while the run begins to wait is not missed", async () => {
    const { definitionId } = await activated(waiting);
    for (let round = 0; round < 25; round++) {
      const recordId = await aRecord("Thing", {}, team.ann);
      const [begun] = await Promise.all([
        started(team.ann, { definitionId, recordId, inputs: {} }),
        setStatus(recordId, "Go"),
      ]);
      const { runId } = must(begun);
      const [jobs, state] = [await db().select().from(job).where(eq(job.runId, runId)), await stateNow(runId)];
      const isAwake = state.items.length > 0 || jobs.some(({ kind }) => kind === "wake");
      expect(isAwake, `round ${round}: the run waits for what has happened`).toBe(true);
      await db().delete(job).where(eq(job.runId, runId));
    }
  });

  test("canceling closes the wait", async () => {
    const { runId } = await aRun(waiting, team.ann);
    must(await commanded(team.admin, (tx) => cancelRun(tx, team.admin, { runId, reason: "not needed" })));
    expect(await db().select().from(wait).where(eq(wait.runId, runId))).toMatchObject([
      { resolvedAt: expect.any(Date) },
    ]);
  });
});

test("a stalled run says why, in its row", async () => {
  const never = {
    entry: {
      type: "requirements",
      condition: { requirements: [{ left: "Fill.Outputs.comment", operator: "equals", right: { literal: "go" } }] },
    },
  };
  const { runId } = await aRun(
    anOrchestration([aStage("First", [anInteractiveStep("Fill"), anInteractiveStep("Then", never)])], {
      name: "Stalling",
    }),
    team.ann,
  );
  must(await finished(team.ann, (await theItem(runId)).workItemId));
  expect(await rowOf(runId)).toMatchObject({
    stalledSince: expect.any(Date),
    stalledReason: expect.stringContaining("“go” (it is “done”)"),
  });
  expect(
    await db()
      .select()
      .from(workItem)
      .where(and(eq(workItem.runId, runId), eq(workItem.status, "assigned"))),
  ).toEqual([]);
});

test("a run that waits for nothing, read from the database, does not say so again", async () => {
  const { runId } = await aRun(
    anOrchestration([
      aStage("First", [anInteractiveStep("Fill")], { next: "Second" }),
      aStage("Second", [anInteractiveStep("More")]),
    ]),
    team.ann,
  );
  must(await finished(team.ann, (await theItem(runId)).workItemId));
  expect((await historyOf(runId)).map(({ type }) => type)).not.toContain("waits-changed");
});
