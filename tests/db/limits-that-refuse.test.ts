import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { activate } from "../../lib/definitions/commands/activate";
import { triggersOf } from "../../lib/definitions/queries";
import { MAX_ACTIVE_ON_OBJECT } from "../../lib/definitions/schema";
import { changePlace, createPlace } from "../../lib/people/commands/change-place";
import type { Person } from "../../lib/people/current-person";
import { MAX_MEMBERS } from "../../lib/people/queries";
import type { ChangePlace } from "../../lib/people/schema";
import { aBackgroundStep, activated, aDraft, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aGroup } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, stateNow } from "../builders/runs";

/** S77: what is beyond a bound is refused with the number, and nothing of it is left out without a word. */
let ann: Person;
let admin: Person;
beforeAll(async () => {
  ({ ann, admin } = await aTeamWithThings());
});

test("one object has at most 200 active orchestrations: the next is refused with the number, of two at once too", async () => {
  await anObject("Busy", {}, "edit");
  const never = { requirements: [{ left: "$Record.Name", operator: "equals", right: { literal: "never" } }] };
  const named = (name: string) =>
    anOrchestration([aStage("S", [aBackgroundStep("Auto")])], {
      name,
      start: { type: "record_triggered", object: "Busy", on: "create", when: never, next: "S" },
    });
  await activated(named("Busy_0"));
  const more = MAX_ACTIVE_ON_OBJECT - 2;
  await db().execute(sql`
    insert into definition (definition_id, kind, type, label, active_version, created_by)
    select 'Busy_' || n, kind, type, label, 1, created_by from definition, generate_series(1, ${more}) n where definition_id = 'Busy_0'`);
  await db().execute(sql`
    insert into definition_version (definition_id, version, status, body, hash, trigger_object, saved_by, activated_at, first_activated_at)
    select 'Busy_' || n, 1, status, body, hash, trigger_object, saved_by, activated_at, first_activated_at
    from definition_version, generate_series(1, ${more}) n where definition_id = 'Busy_0'`);
  const drafts = await Promise.all(["Busy_A", "Busy_B"].map((name) => aDraft(named(name), admin)));
  const activating = ({ name, version }: { name: string; version: number }) =>
    commanded(admin, (tx) => activate(tx, admin, { name, version }));
  const [one, other] = await Promise.all(drafts.map(activating));
  const refused = one?.ok ? other : one;
  expect([one?.ok, other?.ok].filter(Boolean)).toHaveLength(1);
  expect(refused).toMatchObject({
    refusal: {
      code: "definition-invalid",
      problems: [
        {
          path: "start.object",
          message: "200 orchestrations about Busy are active; at most 200 may be at a time, so deactivate one first",
        },
      ],
    },
  });
  expect(await triggersOf(db(), "Busy")).toHaveLength(MAX_ACTIVE_ON_OBJECT);
  const next = await aDraft({ ...named("Busy_0"), label: "Again" }, admin);
  expect(await activating(next)).toMatchObject({ ok: true });
});

test("a Delete that finds more than 2,000 records fails with the number, and deletes none of them", async () => {
  const recordId = await aRecord("Thing", { Name: "Many" }, ann);
  await db().execute(sql`
    insert into record (record_id, object_name, name, owner_id, data, created_by, updated_by)
    select 'rec_many' || n, object_name, name, owner_id, data, created_by, updated_by
    from record, generate_series(1, 2000) n where record_id = ${recordId}`);
  const remove = {
    ...{ type: "delete_records", name: "Delete", label: "Delete them", object: "Thing", next: null },
    where: [{ field: "Name", operator: "equals", value: { literal: "Many" } }],
  };
  await activated(aBackgroundFlow("Clears", { start: "Delete", elements: [remove] }));
  const step = aBackgroundStep("Auto", { flow: "Clears" });
  const { runId } = await aRun(anOrchestration([aStage("S", [step])], { name: "Clearing" }), ann);
  const error = "Delete them: More than 2000 records would be deleted at once.";
  expect((await stateNow(runId)).steps).toMatchObject([{ status: "error", error }]);
  const [left] = await db().execute<{ n: number }>(sql`select count(*)::int as n from record where name = 'Many'`);
  expect(left?.n).toBe(2_001);
});

test("a group has at most 1,000 people with those of the groups in it, however they come in", async () => {
  const big = await aGroup("Big_one");
  const small = await aGroup("Small_one");
  await db().execute(sql`
    insert into "user" (user_id, username, email, name)
    select 'usr_crowd' || n, 'crowd' || n, 'crowd' || n || '@example.org', 'Crowd' from generate_series(1, ${MAX_MEMBERS}) n`);
  await db().execute(sql`
    insert into membership (container_type, container_id, member_type, member_id)
    select 'group', ${big.groupId}, 'user', 'usr_crowd' || n from generate_series(1, ${MAX_MEMBERS}) n`);
  const inside = [big, small].map(({ groupId }) => ({ type: "group" as const, id: groupId }));
  const made = (name: string, members: ChangePlace["members"]) =>
    commanded(admin, (tx) => createPlace(tx, admin, { type: "queue", name, label: name, members }));
  const tooMany = { refusal: { code: "too-many-members", details: { limit: MAX_MEMBERS } } };
  expect(await made("Too_wide", [...inside, { type: "user", id: ann.userId }])).toMatchObject(tooMany);
  must(await made("Wide", inside));
  const put = (id: string) =>
    commanded(admin, (tx) =>
      changePlace(tx, admin, {
        ...{ type: "group", id: small.groupId, label: "Small_one", members: [{ type: "user", id }] },
        was: { label: "Small one", members: [] },
      }),
    );
  expect(await put(ann.userId)).toMatchObject(tooMany);
  expect(await put("usr_crowd7")).toMatchObject({ ok: true });
});
