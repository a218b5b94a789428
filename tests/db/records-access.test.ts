import { beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../db/client";
import { db } from "../../db/client";
import { definition, definitionVersion, run, stageRun, stepRun, workItem } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { countRecords, listRecords } from "../../lib/records/queries/list-records";
import { nameTargets, offerTargets } from "../../lib/records/queries/name-targets";
import { objectNamed } from "../../lib/records/queries/object-named";
import { readRecord } from "../../lib/records/queries/read-record";
import { relatedRecords } from "../../lib/records/queries/related-records";
import { rightsOn } from "../../lib/records/queries/where-visible";
import { OTHERS_MAY, type OthersMay } from "../../lib/records/schema/object";
import { aGroup, again, aPerson, aQueue } from "../builders/people";
import { anObject, aRecord, commanded, must } from "../builders/records";

const OBJECTS: Readonly<Record<OthersMay, string>> = { none: "Private", read: "Shared", edit: "Open" };
const QUERY = { search: "", sort: { field: "CreatedAt", direction: "descending" }, filters: [], cursor: null } as const;

let owner: Person;
const records = new Map<OthersMay, string>();

beforeAll(async () => {
  owner = await aPerson();
  for (const othersMay of OTHERS_MAY) {
    await anObject(OBJECTS[othersMay], { About: { type: "lookup", options: { object: "Private" } } }, othersMay);
  }
  for (const othersMay of OTHERS_MAY) records.set(othersMay, await aRecord(OBJECTS[othersMay], {}, owner));
});

const shapeOf = async (othersMay: OthersMay) => {
  const shape = await objectNamed(db(), OBJECTS[othersMay]);
  if (!shape) throw new Error("no object");
  return shape;
};

/** What the person may do with that record, asked of the rule and of the list's filter, which must agree. */
async function accessOf(database: Database, person: Person, othersMay: OthersMay): Promise<"none" | "read" | "edit"> {
  const object = await shapeOf(othersMay);
  const id = records.get(othersMay) ?? "";
  const row = await readRecord(database, id);
  if (!row) throw new Error("no record");
  const rights = await rightsOn(database, person, { ...row, othersMay });
  const listed = (await listRecords(database, person, { object, query: QUERY })).rows.some(
    ({ recordId }) => recordId === id,
  );
  expect(listed).toBe(rights.read);
  expect(await countRecords(database, person, object)).toBe(rights.read ? 1 : 0);
  return rights.edit ? "edit" : rights.read ? "read" : "none";
}

describe("roles", () => {
  const table: [who: "owner" | Person["role"], none: string, read: string, edit: string][] = [
    ["owner", "edit", "edit", "edit"],
    ["member", "none", "read", "edit"],
    ["author", "none", "read", "edit"],
    ["manager", "read", "read", "edit"],
    ["admin", "edit", "edit", "edit"],
  ];
  test.each(table)(
    "%s: %s where others may nothing, %s where they may read, %s where they may edit",
    async (who, ...expected) => {
      const person = who === "owner" ? owner : await aPerson({ role: who });
      expect(await Promise.all(OTHERS_MAY.map((othersMay) => accessOf(db(), person, othersMay)))).toEqual(expected);
    },
  );

  test("what one may not edit is refused like what does not exist, and stays as it was", async () => {
    const stranger = await aPerson();
    for (const othersMay of ["none", "read"] as const) {
      const object = OBJECTS[othersMay];
      const id = records.get(othersMay) ?? "";
      const real = await commanded((tx) => saveRecord(tx, stranger, { object, id, values: { Name: "Mine now" } }));
      const forged = await commanded((tx) =>
        saveRecord(tx, stranger, { object, id: newId("record"), values: { Name: "Mine now" } }),
      );
      expect(real).toEqual({ ok: false, refusal: { code: "not-found" } });
      expect(forged).toEqual(real);
      expect((await readRecord(db(), id))?.version).toBe(1);
    }
  });

  test.each(["", "rec_", "rec_x", "usr_automated", "../../etc", "rec_0000000000000000000000000\0", "1"])(
    "a forged id is not found: %j",
    async (id) => {
      expect(await commanded((tx) => saveRecord(tx, "system", { object: "Open", id, values: {} }))).toEqual({
        ok: false,
        refusal: { code: "not-found" },
      });
    },
  );

  test("an id of another object is not found", async () => {
    const id = records.get("edit") ?? "";
    expect(await commanded((tx) => saveRecord(tx, "system", { object: "Shared", id, values: {} }))).toEqual({
      ok: false,
      refusal: { code: "not-found" },
    });
  });

  test("who may edit but not own gives a record to nobody", async () => {
    const reader = await aPerson({ role: "manager" });
    const refused = await commanded((tx) =>
      saveRecord(tx, reader, { object: "Private", id: records.get("none") ?? "", values: {}, ownerId: reader.userId }),
    );
    expect(refused.ok).toBe(false);
  });
});

type Assignee = { type: "user" | "group" | "queue"; id: string; claimedBy?: string };

/** Asks inside a transaction that is rolled back: a run with one open item on the record, by hand and without history. */
async function withItem<T>(
  item: Assignee & { mayEditRecord: boolean; status?: "assigned" | "completed" },
  ask: (database: Database) => Promise<T>,
): Promise<T> {
  let answer: { value: T } | null = null;
  const undo = new Error("undo");
  const ids = {
    runId: newId("run"),
    stageRunId: newId("stageRun"),
    stepRunId: newId("stepRun"),
    workItemId: newId("workItem"),
  };
  const at = new Date("2026-11-21T08:00:00Z");
  await transaction({ commandId: newId("command"), actorId: null }, async ({ db: database }) => {
    const body = {
      elements: [
        {
          type: "stage",
          steps: [
            { name: "Ask", mayEditRecord: item.mayEditRecord },
            { name: "Other", mayEditRecord: !item.mayEditRecord },
          ],
        },
      ],
    };
    await database.insert(definition).values({
      definitionId: "Hire",
      kind: "orchestration",
      type: "orchestrator",
      label: "Hire",
      createdBy: owner.userId,
    });
    await database
      .insert(definitionVersion)
      .values({ definitionId: "Hire", version: 1, body, hash: "0", savedBy: owner.userId });
    await database.insert(run).values({
      runId: ids.runId,
      waits: { records: [], objects: [], dueAt: null, lock: null },
      definitionId: "Hire",
      definitionVersion: 1,
      definitionHash: "0",
      processType: "orchestrator",
      label: "Hire",
      status: "in_progress",
      version: 1,
      runAs: "usr_automated",
      startedAt: at,
      variables: {},
      headHash: "",
      headSeq: 0,
      lastEventAt: at,
      lastCommandId: "x",
    });
    await database.insert(stageRun).values({
      runId: ids.runId,
      stageRunId: ids.stageRunId,
      ordinal: 1,
      round: 1,
      name: "First",
      status: "in_progress",
      startedAt: at,
    });
    await database.insert(stepRun).values({
      runId: ids.runId,
      stepRunId: ids.stepRunId,
      ordinal: 1,
      stageRunId: ids.stageRunId,
      name: "Ask",
      kind: "interactive",
      status: "in_progress",
      attempt: 1,
      ownerId: "usr_automated",
      isAsynchronous: false,
      inputs: {},
    });
    await database.insert(workItem).values({
      ...ids,
      kind: "interactive",
      status: item.status ?? "assigned",
      label: "Ask",
      processLabel: "Hire",
      stageLabel: "First",
      assigneeType: item.type,
      assigneeId: item.id,
      assignmentNo: 1,
      assignedAt: at,
      claimedBy: item.claimedBy ?? null,
      recordType: "Private",
      recordId: records.get("none") ?? "",
      createdAt: at,
    });
    answer = { value: await ask(database) };
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  if (!answer) throw new Error("nothing was asked");
  return (answer as { value: T }).value;
}

describe("open work (A17)", () => {
  test.each([
    [false, "read"],
    [true, "edit"],
  ] as const)(
    "lets its assignee read the record, and edit it when the step says so (%s)",
    async (mayEditRecord, expected) => {
      const ana = await aPerson();
      const group = await aGroup(undefined, [ana]);
      const queue = await aQueue(undefined, [group]);
      const asMember = await again(ana);
      const through: Assignee[] = [
        { type: "user", id: ana.userId },
        { type: "group", id: group.groupId },
        { type: "queue", id: queue.queueId },
        { type: "group", id: group.groupId, claimedBy: ana.userId },
      ];
      for (const assignee of through)
        expect(await withItem({ ...assignee, mayEditRecord }, (database) => accessOf(database, asMember, "none"))).toBe(
          expected,
        );
    },
  );

  test("ends with the membership, whoever has claimed it", async () => {
    const ana = await aPerson();
    const left = { type: "group", id: (await aGroup()).groupId, claimedBy: ana.userId } as const;
    expect(
      await withItem({ ...left, mayEditRecord: true }, async (database) =>
        accessOf(database, await again(ana), "none"),
      ),
    ).toBe("none");
  });

  test("ends when the item is done, and is nobody else's", async () => {
    const [ana, ben] = [await aPerson(), await aPerson()];
    expect(
      await withItem({ type: "user", id: ana.userId, mayEditRecord: true, status: "completed" }, (database) =>
        accessOf(database, ana, "none"),
      ),
    ).toBe("none");
    expect(
      await withItem({ type: "user", id: ana.userId, mayEditRecord: true }, (database) =>
        accessOf(database, ben, "none"),
      ),
    ).toBe("none");
  });

  test("does not let the assignee give the record away", async () => {
    const ana = await aPerson();
    const rights = await withItem({ type: "user", id: ana.userId, mayEditRecord: true }, async (database) => {
      const row = await readRecord(database, records.get("none") ?? "");
      return row && rightsOn(database, ana, { ...row, othersMay: "none" });
    });
    expect(rights).toEqual({ read: true, edit: true, transfer: false, delete: false });
  });
});

describe("what a private record is called", () => {
  test("is told by no lookup, no offer and no relation to who may not see it", async () => {
    const [stranger, secret] = [await aPerson(), records.get("none") ?? ""];
    const id = must(
      await commanded((tx) =>
        saveRecord(tx, owner, { object: "Open", values: { Name: "Points at it", About: secret } }),
      ),
    ).id;
    const [open, row] = [await shapeOf("edit"), await readRecord(db(), id)];
    expect((await nameTargets(db(), owner, { object: open, rows: row ? [row] : [] }))[secret]).toBe("A Private");
    expect((await nameTargets(db(), stranger, { object: open, rows: row ? [row] : [] }))[secret]).toBeUndefined();
    expect(await offerTargets(db(), stranger, { to: "Private", search: "" })).toEqual([]);
    const relations = await relatedRecords(db(), stranger, { object: "Private", id: secret });
    expect(relations.flatMap(({ rows }) => rows.map(({ name }) => name))).toEqual(["Points at it"]);
  });
});
