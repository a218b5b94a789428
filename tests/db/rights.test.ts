import { and, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { membership, user } from "../../db/schema";
import { claimItem } from "../../lib/work/commands/claim-item";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { cast, makeCast, work } from "../actions/cast";
import { commanded } from "../builders/runs";

beforeAll(makeCast);

/** S27, P9: whoever is passed in is what the request saw; the transaction asks again. */
test("who was put out of the group a moment ago takes nothing of it any more", async () => {
  const { member } = cast();
  const { workItemId } = await work("group");
  await db()
    .delete(membership)
    .where(and(eq(membership.memberId, member.userId), eq(membership.containerType, "group")));
  expect(await commanded(member, (tx) => claimItem(tx, member, { workItemId, takeOver: false }))).toMatchObject({
    ok: false,
    refusal: { code: "not-found" },
  });
});

test("who was a manager a moment ago reassigns nothing any more", async () => {
  const { manager, outsider } = cast();
  const { workItemId } = await work("person");
  await db().update(user).set({ role: "member" }).where(eq(user.userId, manager.userId));
  const moved = await commanded(manager, (tx) =>
    reassignItem(tx, manager, { workItemId, to: { type: "user", id: outsider.userId }, reason: "x" }),
  );
  expect(moved).toMatchObject({ ok: false, refusal: { code: "not-found" } });
});
