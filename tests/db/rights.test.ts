import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { membership, user } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { activate } from "../../lib/definitions/commands/activate";
import { createDefinition } from "../../lib/definitions/commands/create-definition";
import { deactivate } from "../../lib/definitions/commands/deactivate";
import { importDefinitions } from "../../lib/definitions/commands/import-definitions";
import { saveDraft } from "../../lib/definitions/commands/save-draft";
import type { ScreenView } from "../../lib/interviews/schema";
import type { Person } from "../../lib/people/current-person";
import { findGroup } from "../../lib/people/queries";
import { addField, orderFields } from "../../lib/records/commands/define-field";
import { changeObject, createObject } from "../../lib/records/commands/define-object";
import { removeField, removeObject } from "../../lib/records/commands/remove-object";
import type { Result } from "../../lib/result";
import { claimItem } from "../../lib/work/commands/claim-item";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { cast, makeCast, work } from "../actions/cast";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aScreenFlow } from "../builders/flows";
import { anItem, opened, screen, sent } from "../builders/interviews";
import { aGroup, again, aPerson } from "../builders/people";
import { anObject, aRecord } from "../builders/records";
import { commanded } from "../builders/runs";

beforeAll(makeCast);

/** S27, P9: whoever is passed in is what the request saw; the transaction asks again. */
const NOT_FOUND = { ok: false, refusal: { code: "not-found" } };
const loseRole = ({ userId }: Person) => db().update(user).set({ role: "member" }).where(eq(user.userId, userId));
const leaveGroup = ({ userId }: Person) =>
  db()
    .delete(membership)
    .where(and(eq(membership.memberId, userId), eq(membership.containerType, "group")));

test("who was put out of the group a moment ago takes nothing of it any more", async () => {
  const { member } = cast();
  const { workItemId } = await work("group");
  await leaveGroup(member);
  expect(await commanded(member, (tx) => claimItem(tx, member, { workItemId, takeOver: false }))).toMatchObject(
    NOT_FOUND,
  );
});

test("who was a manager a moment ago reassigns nothing any more", async () => {
  const { manager, outsider } = cast();
  const { workItemId } = await work("person");
  await loseRole(manager);
  const moved = await commanded(manager, (tx) =>
    reassignItem(tx, manager, { workItemId, to: { type: "user", id: outsider.userId }, reason: "x" }),
  );
  expect(moved).toMatchObject(NOT_FOUND);
});

const twoScreens = aScreenFlow("Two_screens", {
  start: "One",
  elements: [
    {
      type: "screen",
      name: "One",
      label: "One",
      fields: [{ name: "first", type: "text", label: "First" }],
      next: "Two",
    },
    {
      type: "screen",
      name: "Two",
      label: "Two",
      fields: [{ name: "comment", type: "long_text", label: "Comment" }],
      next: null,
    },
  ],
});

describe("who was put out of the group while working", () => {
  beforeAll(async () => {
    await aGroup("Passing");
    const to = { flow: "Two_screens", assignee: { type: "group", value: { literal: "Passing" } } };
    await activated(
      twoScreens,
      anOrchestration([aStage("First", [anInteractiveStep("Step", to)])], { name: "Passing_by" }),
    );
  });
  const isGone = async (door: (person: Person, view: ScreenView) => Promise<Result<unknown>>, screens = 1) => {
    const { starter } = cast();
    const joined = await aPerson();
    const { groupId } = (await findGroup(db(), "Passing")) ?? { groupId: "" };
    const place = {
      containerType: "group",
      containerId: groupId,
      memberType: "user",
      memberId: joined.userId,
    } as const;
    await db().insert(membership).values(place);
    const person = await again(joined);
    const recordId = await aRecord("Thing", {}, starter);
    const { workItemId } = await anItem(starter, { definition: "Passing_by", recordId, label: "Step" });
    const first = screen(await opened(person, workItemId));
    const view = screens === 1 ? first : screen(await sent(person, first, { first: "typed" }));
    await leaveGroup(person);
    expect(await door(person, view)).toMatchObject(NOT_FOUND);
  };
  test("opens its work no more", () => isGone((person, view) => opened(person, view.workItemId)));
  test("goes on to no further screen", () => isGone((person, view) => sent(person, view, { first: "typed" })));
  test("goes back to none", () => isGone((person, view) => sent(person, view, {}, "back"), 2));
  test("finishes nothing", () => isGone((person, view) => sent(person, view, { comment: "typed" }), 2));
});

describe("who was an author a moment ago", () => {
  const flow = aScreenFlow("Taken_back");
  const doors: { [door: string]: (tx: Tx, author: Person) => Promise<Result<unknown>> } = {
    creates: (tx, author) => createDefinition(tx, author, { type: "screen", name: "Taken_new", label: "New" }),
    saves: (tx, author) => saveDraft(tx, author, { body: flow }),
    imports: (tx, author) => importDefinitions(tx, author, { content: [], activate: false }),
    activates: (tx, author) => activate(tx, author, { name: "Ask", version: 1 }),
    deactivates: (tx, author) => deactivate(tx, author, { name: "Ask", force: true }),
  };
  test.each(Object.entries(doors))("%s nothing any more", async (_, door) => {
    const author = await aPerson({ role: "author" });
    await loseRole(author);
    expect(await commanded(author, (tx) => door(tx, author))).toMatchObject(NOT_FOUND);
  });
  test("and still is one does each of these", async () => {
    const author = await aPerson({ role: "author" });
    for (const door of Object.values(doors)) {
      const done = await commanded(author, (tx) => door(tx, author));
      expect(done.ok ? "ok" : done.refusal.code).not.toBe("not-found");
    }
  });
});

describe("who was an admin a moment ago", () => {
  const words = { label: "Kept", pluralLabel: "Kepts", nameLabel: "Name", icon: "file", othersMay: "none" } as const;
  const uses = async () => [];
  const size = { name: "Size", type: "number", label: "Size", required: false, help: "", defaultValue: null } as const;
  const doors: { [door: string]: (tx: Tx, admin: Person) => Promise<Result<unknown>> } = {
    "makes no object": (tx, admin) => createObject(tx, admin, { name: "Kept_new", ...words }),
    "changes none": (tx, admin) => changeObject(tx, admin, { name: "Kept", ...words, was: words }),
    "adds no field": (tx, admin) => addField(tx, admin, { object: "Kept", ...size, options: {} as never }),
    "orders none": (tx, admin) => orderFields(tx, admin, { object: "Kept", names: [] }),
    "removes none": (tx, admin) => removeField(tx, admin, { object: "Kept", name: "Note", uses }),
    "removes no object": (tx, admin) => removeObject(tx, admin, { name: "Kept", uses }),
  };
  beforeAll(() => anObject("Kept", { Note: { type: "text" } }));
  test.each(Object.entries(doors))("%s any more", async (_, door) => {
    const admin = await aPerson({ role: "admin" });
    await loseRole(admin);
    expect(await commanded(admin, (tx) => door(tx, admin))).toMatchObject(NOT_FOUND);
  });
  test("and still is one does each of these", async () => {
    const admin = await aPerson({ role: "admin" });
    for (const door of Object.values(doors))
      expect(await commanded(admin, (tx) => door(tx, admin))).toMatchObject({ ok: true });
  });
});
