import { beforeEach, describe, expect, test } from "vitest";
import { runCommand } from "../../lib/command";
import type { Person } from "../../lib/people/current-person";
import { sentenceOf } from "../../lib/refusals";
import { dispatch } from "../../lib/runs/dispatch";
import { anItem, interviewRow, opened, screen, sent } from "../builders/interviews";
import { must } from "../builders/records";
import { aLaptop, aPortalWithScreens, draftOf, thingsNamed } from "../builders/screens";

const { ada, ben, cara, admin, boss } = await aPortalWithScreens();
let thing: string;
beforeEach(async () => {
  thing = await aLaptop(cara);
});
const item = (definition = "Equipping", label = "Equip") => anItem(cara, { definition, recordId: thing, label });

describe("a draft", () => {
  test("is there when a closed tab is opened again, and is no answer yet", async () => {
    const { workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    const saved = must(await draftOf(ada, one, { Model: "half a mod", Buddy: ben.userId }));
    expect(saved).toMatchObject({ type: "saved", draftVersion: 1 });
    const later = screen(await opened(ada, workItemId));
    expect(later).toMatchObject({
      values: { Model: "half a mod", Buddy: ben.userId, Parent: null },
      draftVersion: 1,
      names: { [ben.userId]: "Ben" },
    });
    expect(later.draftSavedAt).toBe(saved.type === "saved" ? saved.savedAt : null);
  });

  test("of a screen that was sent when it was too late is shown at that screen, and at no other", async () => {
    const { runId, workItemId } = await item();
    const stale = screen(await opened(ada, workItemId));
    const two = screen(await sent(ada, stale, { Model: "first" }));
    must(await draftOf(ada, two, { Cost: 5 }));
    const move = (to: Person) =>
      runCommand({ kind: "reassign", actorId: admin.userId }, (tx) =>
        dispatch(tx, admin, {
          runId,
          command: { type: "reassign-work-item", workItemId, to: { type: "user", id: to.userId }, reason: "away" },
        }),
      );
    must(await move(boss));
    expect(await sent(ada, stale, { Model: "typed last" })).toMatchObject({ ok: false });
    expect(await interviewRow(two.interviewId)).toMatchObject({ draft: { Cost: 5 } });
    must(await move(ada));
    const again = screen(await opened(ada, workItemId));
    expect(again).toMatchObject({ screen: { name: "Two" }, values: { Cost: 5 } });
    expect(screen(await sent(ada, again, {}, "back")).values.Model).toBe("typed last");
  });

  test("of one tab does not run over that of another: the older one is told what is stored", async () => {
    const { workItemId } = await item();
    const [one, other] = [screen(await opened(ada, workItemId)), screen(await opened(ada, workItemId))];
    must(await draftOf(ada, one, { Model: "first" }));
    expect(must(await draftOf(ada, other, { Model: "second" }))).toMatchObject({
      type: "conflict",
      values: { Model: "first" },
      draftVersion: 1,
    });
    expect((await interviewRow(one.interviewId)).draft).toEqual({ Model: "first" });
    const later = { ...one, draftVersion: 1 };
    const [a, b] = await Promise.all([draftOf(ada, later, { Model: "a" }), draftOf(ada, later, { Model: "b" })]);
    expect([must(a).type, must(b).type].sort()).toEqual(["conflict", "saved"]);
  });

  test("that was saved already, when the page that saved it never heard so, is no conflict with itself", async () => {
    const { workItemId } = await item();
    const view = screen(await opened(ada, workItemId));
    must(await draftOf(ada, view, { Model: "first" }));
    expect(must(await draftOf(ada, view, { Model: "first", Note: null }))).toMatchObject({
      type: "saved",
      draftVersion: 1,
    });
    expect(must(await draftOf(ada, view, {}))).toMatchObject({ type: "conflict", values: { Model: "first" } });
  });

  test("of a screen that another tab has left is not saved, and neither is its Next", async () => {
    const { workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    must(await sent(ada, one, { Model: "X" }));
    expect(await draftOf(ada, one, { Model: "late" })).toMatchObject({ ok: false, refusal: { code: "screen-moved" } });
    expect(await sent(ada, one, { Model: "late" })).toMatchObject({ ok: false, refusal: { code: "screen-moved" } });
  });

  test("of one member of the team is not the other's", async () => {
    const { workItemId } = await item();
    must(await draftOf(ada, screen(await opened(ada, workItemId)), { Model: "Ada's" }));
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
    expect(must(await draftOf(ben, theirs, { Model: "and more" }))).toMatchObject({ type: "saved" });
  });

  test("survives that the item goes to somebody else and comes back", async () => {
    const { runId, workItemId } = await item();
    const one = screen(await opened(ada, workItemId));
    must(await draftOf(ada, one, { Model: "kept" }));
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
