import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { interview, securityEvent } from "../../db/schema";
import { inventory } from "../../lib/action";
import { env, publicOrigins } from "../../lib/env";
import { newId } from "../../lib/ids";
import type { ScreenView } from "../../lib/interviews/schema";
import type { Person } from "../../lib/people/current-person";
import "../../lib/work/actions/interview";
import { anItem } from "../builders/interviews";
import { aRecord } from "../builders/records";
import { aPortalWithScreens, type Team } from "../builders/screens";

let team: Team;
let workItemId: string;

const call = async (name: string, person: Person | null, input: unknown, origin = publicOrigins(env())[0] ?? "") => {
  const perform = inventory.get(`work.${name}`);
  if (!perform) throw new Error(`no action ${name}`);
  return perform({ headers: new Headers({ origin }), person: () => Promise.resolve(person) }, input);
};
const open = (person: Person | null, more: object = {}) =>
  call("openInterview", person, { workItemId, key: newId("command"), ...more });

beforeAll(async () => {
  team = await aPortalWithScreens();
  const recordId = await aRecord("Thing", { Owner: team.cara.userId });
  ({ workItemId } = await anItem(team.cara, { definition: "Equipping", recordId, label: "Equip" }));
});

describe("the actions of a screen", () => {
  test("work for whoever has the work", async () => {
    const answer = await open(team.ada);
    if (!answer.ok) throw new Error(answer.message);
    const view = answer.value as ScreenView;
    const at = { interviewId: view.interviewId, screen: "One" };
    expect(await call("saveDraft", team.ada, { ...at, values: { Model: "X" }, draftVersion: 0 })).toMatchObject({
      ok: true,
      value: { type: "saved", draftVersion: 1 },
    });
    expect(
      await call("submitScreen", team.ada, { ...at, values: { Model: "" }, direction: "next", key: newId("command") }),
    ).toMatchObject({
      ok: false,
      code: "invalid",
      problems: [{ path: "Model", message: "Model is required." }],
    });
    expect(
      await call("submitScreen", team.ada, { ...at, values: { Model: "X" }, direction: "next", key: newId("command") }),
    ).toMatchObject({ ok: true, value: { screen: { name: "Two" } } });
  });

  test("answer a stranger as if there were no such work, and write the attempt down", async () => {
    const [own, none] = [await open(team.admin), await open(team.admin, { workItemId: newId("workItem") })];
    expect(own).toEqual(none);
    expect(own).toMatchObject({ ok: false, code: "not-found" });
    const events = await db().select().from(securityEvent).where(eq(securityEvent.actorId, team.admin.userId));
    expect(events).toMatchObject([
      { action: "work.openInterview", objectId: workItemId, allowed: false },
      { allowed: false },
    ]);
    expect(await db().select().from(interview).where(eq(interview.userId, team.admin.userId))).toEqual([]);
  });

  test("refuse who is signed out, another site, and what they do not know", async () => {
    expect(await open(null)).toMatchObject({ code: "signed-out" });
    expect(
      await call("openInterview", team.ada, { workItemId, key: newId("command") }, "https://evil.example"),
    ).toMatchObject({ code: "foreign-origin" });
    expect(await open(team.ada, { userId: team.ben.userId })).toMatchObject({
      code: "invalid",
      problems: [{ path: "userId" }],
    });
  });

  test.each<[what: string, value: unknown]>([
    ["a record for an answer", { Id: "rec_1" }],
    ["a list of numbers", [1, 2]],
    ["a text over the bound", "x".repeat(100_001)],
    ["NUL", "a\0b"],
    ["half of a surrogate pair", "a\ud800"],
  ])("refuse %s before anything is looked at", async (_, value) => {
    const answer = await call("saveDraft", team.ada, {
      interviewId: newId("interview"),
      screen: "One",
      values: { Model: value },
      draftVersion: 0,
    });
    expect(answer).toMatchObject({ ok: false });
    expect(answer).not.toMatchObject({ code: "not-found" });
  });
});
