import { beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "../../db/client";
import { type ActionResult, failure, inventory } from "../../lib/action";
import { currentPerson } from "../../lib/people/current-person";
import { sentenceOf } from "../../lib/refusals";
import { asking, headers } from "../support/request";
import { makeCast, ROLES, type Role, sessionOf } from "./cast";
import { fingerprint } from "./fingerprint";
import { OPERATIONS, type Operation } from "./operations";

vi.mock("next/headers", () => import("../support/request"));

/**
 * Roles × operations (4.3): each action, called as a browser of each role calls it, without proxy, layout or page (S37). Who may, gets it done.
 * Who may not gets the answer of what does not exist, or is told why if they know of it; and no row has changed (S28).
 */
const modules = import.meta.glob("../../lib/**/actions{.ts,/*.ts}", { eager: true });

beforeAll(makeCast);

type Outcome = ActionResult<unknown>;

/** Reassigning answers for each item; one that was refused is a refusal. */
function outcomeOf(result: Outcome): Outcome {
  const report =
    result.ok && typeof result.value === "object" && result.value !== null && "failed" in result.value
      ? (result.value.failed as { message: string }[])
      : [];
  const [failed] = report;
  if (!failed) return result;
  return failed.message === sentenceOf({ code: "not-found" })
    ? failure({ code: "not-found" })
    : { ok: false, code: "told", message: failed.message, problems: [] };
}

const call = (role: Role, name: string, input: object): Promise<Outcome> =>
  asking({ sessionId: sessionOf(role) }, async () => {
    const perform = inventory.get(name);
    if (!perform) throw new Error(`there is no action ${name}`);
    return outcomeOf(await perform({ headers: await headers(), person: currentPerson }, input));
  });

const title = ({ action, when }: Operation) => (when ? `${action}, ${when}` : action);
const isIn = (role: Role) => role !== "anonymous" && role !== "deactivated";
const expected = ({ may, told = [] }: Operation, role: Role) =>
  may.includes(role) ? "may" : told.includes(role) ? "is told why not" : "finds nothing";

test("every action is in the table, and nothing else", () => {
  expect(Object.keys(modules).length).toBeGreaterThan(5);
  expect([...new Set(OPERATIONS.map(({ action }) => action))].toSorted()).toEqual([...inventory.keys()].toSorted());
});

describe.each(OPERATIONS.map((operation) => [title(operation), operation] as const))("%s", (_title, operation) => {
  let refused: object;
  beforeAll(async () => {
    refused = await operation.input();
  });

  test.each(ROLES.map((role) => [role, expected(operation, role)] as const))("%s %s", async (role, verdict) => {
    if (verdict === "may") {
      const result = await call(role, operation.action, await operation.input());
      expect(result).toMatchObject(operation.answer ? { ok: false, code: operation.answer } : { ok: true });
      return;
    }
    const before = await fingerprint();
    const result = await call(role, operation.action, refused);
    expect(await fingerprint()).toEqual(before);
    if (verdict === "is told why not") {
      expect(result.ok).toBe(false);
      expect(result).not.toMatchObject({ code: "not-found" });
      expect(result).not.toMatchObject({ code: "fault" });
    } else {
      expect(result).toEqual(failure({ code: isIn(role) ? "not-found" : "signed-out" }));
    }
  });

  test.runIf(operation.nowhere)("what does not exist is answered like what is not theirs", async () => {
    for (const role of new Set<Role>([...operation.may.slice(0, 1), "admin", "outsider"])) {
      expect(await call(role, operation.action, { ...refused, ...operation.nowhere })).toEqual(
        failure({ code: "not-found" }),
      );
    }
  });
});

test("each refusal of what was not theirs has left a security event", async () => {
  const rows = await db().execute<{ action: string }>("select distinct action from security_event where not allowed");
  const refusedOnes = OPERATIONS.filter(
    (operation) =>
      ROLES.some((role) => isIn(role) && expected(operation, role) === "finds nothing") &&
      !["item.reassign", "approval.decide-many"].includes(operation.action),
  );
  expect(rows.map(({ action }) => action)).toEqual(
    expect.arrayContaining([...new Set(refusedOnes.map(({ action }) => action))]),
  );
});
