import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { record, run } from "../../db/schema";
import type { Values } from "../../lib/engine/state";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { MAX_DEPTH } from "../../lib/runs/react";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { anObject, must } from "../builders/records";
import { aTeamWithThings, commanded, finished, started, theItem } from "../builders/runs";

const team = await aTeamWithThings();

let made = 0;
/** An object of its own for each test, so that no other test's process watches it, and a process that does. */
async function watched(start: object, elements = [aStage("First", [anInteractiveStep("Fill")])]) {
  const object = `Watched${++made}`;
  await anObject(object, { Status: { type: "text" }, Amount: { type: "number" }, Boss: { type: "user" } }, "edit");
  const { definitionId } = await activated(
    anOrchestration(elements, {
      name: `Watch${made}`,
      start: { type: "record_triggered", object, next: "First", ...start },
    }),
  );
  const save = (values: Values, { id, person = team.ann }: { id?: string; person?: Person | null } = {}) =>
    commanded(person, (tx) =>
      saveRecord(tx, person ?? "system", { object, ...(id ? { id } : { name: "One" }), values: { ...values } }),
    );
  const runs = (id: string) => db().select().from(run).where(eq(run.recordId, id)).orderBy(run.startedAt);
  return { definitionId, object, save, runs };
}

const when = (left: string, operator: string, literal: string | number | boolean) => ({
  when: { requirements: [{ left, operator, right: { literal } }] },
});

describe("when a run starts", () => {
  test("on create, in the transaction of the save, started by whoever saved", async () => {
    const { save, runs } = await watched({ on: "create" });
    const { id } = must(await save({}));
    expect(await runs(id)).toMatchObject([
      { status: "in_progress", startedBy: team.ann.userId, recordPrior: null, recordName: "One" },
    ]);
    must(await save({ Status: "x" }, { id }));
    expect(await runs(id)).toHaveLength(1);
  });

  test("on update, with the record as it was before, frozen", async () => {
    const { save, runs } = await watched({ on: "update", oneOpenRun: false });
    const { id } = must(await save({ Status: "Old" }));
    expect(await runs(id)).toEqual([]);
    must(await save({ Status: "New" }, { id, person: null }));
    expect(await runs(id)).toMatchObject([{ startedBy: null, recordPrior: { Status: "Old" } }]);
    must(await save({ Status: "Newer" }, { id }));
    expect((await runs(id)).map(({ recordPrior }) => recordPrior?.Status)).toEqual(["Old", "New"]);
  });

  test("only where the criteria hold", async () => {
    const { save, runs } = await watched({
      on: "create_or_update",
      oneOpenRun: false,
      ...when("$Record.Boss", "equals", team.boss.userId),
    });
    const { id } = must(await save({ Boss: team.ann.userId }));
    expect(await runs(id)).toEqual([]);
    must(await save({ Boss: team.boss.userId }, { id }));
    expect(await runs(id)).toHaveLength(1);
  });

  test("every time they hold, or only when the change made them hold", async () => {
    for (const [onlyWhenChangedToMeet, count] of [
      [false, 3],
      [true, 2],
    ] as const) {
      const { save, runs } = await watched({
        on: "create_or_update",
        oneOpenRun: false,
        onlyWhenChangedToMeet,
        ...when("$Record.Amount", "greater_than", 100),
      });
      const { id } = must(await save({ Amount: 200 }));
      must(await save({ Amount: 300 }, { id }));
      must(await save({ Amount: 50 }, { id }));
      must(await save({ Amount: 500 }, { id }));
      expect(await runs(id)).toHaveLength(count);
    }
  });

  test("a decision's outcome too may be for what the change made hold", async () => {
    const outcome = { name: "Big", label: "Big", onlyWhenChangedToMeet: true, next: "First" };
    const { save, runs } = await watched({ on: "create_or_update", oneOpenRun: false, next: "Size" }, [
      aStage("First", [anInteractiveStep()]),
      {
        type: "decision",
        name: "Size",
        label: "Size",
        outcomes: [{ ...outcome, ...when("$Record.Amount", "greater_than", 100) }],
        defaultNext: null,
      },
    ]);
    const { id } = must(await save({ Amount: 200 }));
    must(await save({ Amount: 300 }, { id }));
    must(await save({ Amount: 50 }, { id }));
    must(await save({ Amount: 500 }, { id }));
    expect((await runs(id)).map(({ status }) => status)).toEqual([
      "in_progress",
      "completed",
      "completed",
      "in_progress",
    ]);
  });

  test("when a named field changed", async () => {
    const { save, runs } = await watched({
      on: "update",
      oneOpenRun: false,
      ...when("$Record.Status", "is_changed", true),
    });
    const { id } = must(await save({ Status: "A" }));
    must(await save({ Amount: 1 }, { id }));
    must(await save({ Status: "B" }, { id }));
    expect(await runs(id)).toHaveLength(1);
  });
});

describe("one open run for a record (I43)", () => {
  test("a second save starts none while the first run is open, and one when it has ended", async () => {
    const { save, runs } = await watched({ on: "create_or_update" });
    const { id } = must(await save({}));
    must(await save({ Status: "x" }, { id }));
    const [first] = await runs(id);
    must(await finished(team.ann, (await theItem(first?.runId ?? "")).workItemId));
    must(await save({ Status: "y" }, { id }));
    expect((await runs(id)).map(({ status }) => status)).toEqual(["completed", "in_progress"]);
  });

  test("of many saves at once one starts it", async () => {
    const { save, runs } = await watched({ on: "update" });
    for (let round = 0; round < 10; round++) {
      const { id } = must(await save({}));
      const saves = await Promise.all(Array.from({ length: 8 }, (_, index) => save({ Amount: index }, { id })));
      expect(saves.every(({ ok }) => ok)).toBe(true);
      expect(await runs(id)).toHaveLength(1);
    }
  });

  test("of many presses of the button one starts it, the others are told which run it is", async () => {
    const { definitionId } = await activated(
      anOrchestration([aStage("First", [anInteractiveStep("Fill")])], {
        name: "Pressed",
        start: { type: "autolaunched", object: "Thing", oneOpenRun: true, next: "First" },
      }),
    );
    for (let round = 0; round < 10; round++) {
      const id = must(
        await commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Thing", values: { Name: "T" } })),
      ).id;
      const presses = await Promise.all(
        Array.from({ length: 6 }, () => started(team.ann, { definitionId, recordId: id, inputs: {} })),
      );
      const winners = presses.filter(({ ok }) => ok);
      expect(winners).toHaveLength(1);
      const [winner] = await db().select().from(run).where(eq(run.recordId, id));
      for (const press of presses)
        if (!press.ok)
          expect(press.refusal).toMatchObject({ code: "already-running", details: { runId: winner?.runId } });
    }
  });
});

test("a record that is not theirs to see, of another object, or missing, is refused", async () => {
  await anObject("Private", {}, "none");
  const hidden = must(
    await commanded(team.boss, (tx) => saveRecord(tx, "system", { object: "Private", values: { Name: "H" } })),
  ).id;
  const { definitionId } = await activated(anOrchestration(undefined, { name: "About" }));
  const press = (recordId: string | null) => started(team.ann, { definitionId, recordId, inputs: {} });
  expect(await press(hidden)).toMatchObject({ refusal: { code: "not-found" } });
  expect(await press("rec_none")).toMatchObject({ refusal: { code: "not-found" } });
  expect(await press(null)).toMatchObject({ refusal: { code: "record-needed" } });
  await anObject("Public", {}, "read");
  const other = must(
    await commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Public", values: { Name: "P" } })),
  ).id;
  expect(await press(other)).toMatchObject({ refusal: { code: "wrong-object" } });
});

test("a flow that changes the record it was started by does not start itself for ever", async () => {
  const { save, runs, object, definitionId } = await watched({ on: "create_or_update", oneOpenRun: false });
  await activated(
    aBackgroundFlow("Bump", {
      variables: [
        { name: "recordId", type: "text", isInput: true },
        { name: "status", type: "text", isInput: true },
      ],
      start: "Save",
      elements: [
        {
          type: "update_records",
          name: "Save",
          label: "Save",
          object,
          record: "recordId",
          values: { Status: { template: "{!status} more" } },
          next: null,
        },
      ],
    }),
  );
  const inputs = { recordId: { ref: "$Record.Id" }, status: { ref: "$Record.Status" } };
  const elements = [aStage("First", [aBackgroundStep("Work", { flow: "Bump", inputs })])];
  await activated(
    anOrchestration(elements, {
      name: definitionId,
      start: { type: "record_triggered", object, on: "create_or_update", oneOpenRun: false, next: "First" },
    }),
  );
  const { id } = must(await save({ Status: "go" }));
  const all = await runs(id);
  expect(all).toHaveLength(MAX_DEPTH);
  // The save that would go too far is refused with the number; the person's own stays.
  expect(all.slice(0, -1).every(({ status }) => status === "completed")).toBe(true);
  expect(all.at(-1)).toMatchObject({ status: "error", error: expect.stringContaining(`${MAX_DEPTH} times, the most`) });
});

test("a save that no flow does and that would start one run too many is refused with the number, and nothing of it stays", async () => {
  const { object, runs, save } = await watched({ on: "create_or_update", oneOpenRun: false });
  const { id } = must(await save({ Status: "go" }));
  const at = (depth: number) =>
    commanded(team.ann, async (tx) => {
      tx.depth = depth;
      return saveRecord(tx, team.ann, { object, id, values: { Status: `after ${depth}` } });
    });
  must(await at(MAX_DEPTH - 1));
  expect(await at(MAX_DEPTH)).toMatchObject({
    ok: false,
    refusal: { code: "chain-too-long", details: { limit: MAX_DEPTH } },
  });
  expect(await runs(id)).toHaveLength(2);
  const [kept] = await db().select({ data: record.data }).from(record).where(eq(record.recordId, id));
  expect(kept?.data).toMatchObject({ Status: `after ${MAX_DEPTH - 1}` });
});
