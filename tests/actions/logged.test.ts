import { and, eq, gt } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { GET as seals } from "../../app/api/audit/seals/route";
import { POST as postEvent } from "../../app/api/v1/events/[source]/route";
import { POST as startRun } from "../../app/api/v1/orchestrations/[name]/runs/route";
import { db } from "../../db/client";
import { apiToken, securityEvent } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { inventory } from "../../lib/action";
import { inRequest } from "../../lib/audit/in-request";
import { newId } from "../../lib/ids";
import { currentPerson, type Person } from "../../lib/people/current-person";
import { checkPassword } from "../../lib/people/sign-in/check-password";
import { newSecret } from "../../lib/people/sign-in/make-link";
import { openSession } from "../../lib/people/sign-in/open-session";
import { digestOf, TOKEN_PREFIX } from "../../lib/people/sign-in/read-token";
import { aSource } from "../builders/connections";
import { aBackgroundStep, aDraft, anOrchestration, aStage } from "../builders/definitions";
import { aScreenFlow } from "../builders/flows";
import { aPerson, aSession } from "../builders/people";
import { asking, ownHeaders } from "../support/request";
import { cast, makeCast, sessionOf, work } from "./cast";

vi.mock("next/headers", () => import("../support/request"));
import.meta.glob("../../lib/**/actions{.ts,/*.ts}", { eager: true });

/** S81: each act done once, each found once, with who, from where, about what, and how it ended. */
const ADDRESS = "203.0.113.9";
let made = 0;

beforeAll(makeCast);

const from = (more: Record<string, string> = {}) => ownHeaders({ "x-forwarded-for": ADDRESS, ...more });
async function act(name: string, input: object, as: Parameters<typeof sessionOf>[0] = "admin") {
  const answer = await asking({ sessionId: sessionOf(as), headers: from() }, async () =>
    inventory.get(name)?.({ headers: from(), person: currentPerson }, { key: newId("command"), ...input }),
  );
  return answer;
}
const target = () => aPerson({ name: `Target ${++made}` });
const personInput = ({ userId, name, username, email }: Person) => ({ userId, name, username, email, managerId: null });

type Act = { readonly objectId: string | null; readonly actorId?: string | null };
/** What is done, and whom or what it is about; the actor is the admin unless said. */
const ACTS: Readonly<Record<string, () => Promise<Act>>> = {
  "sign-in good": async () => {
    const { userId } = await target();
    await inRequest(ADDRESS, () =>
      transaction({ commandId: newId("command"), actorId: userId }, (tx) =>
        openSession(tx, { userId, method: "password", userAgent: "x", address: ADDRESS }),
      ),
    );
    return { objectId: null, actorId: userId };
  },
  "sign-in bad": async () => {
    const { userId, username } = await target();
    await inRequest(ADDRESS, () =>
      checkPassword(username, "not the one", { address: ADDRESS, userAgent: "x", knownMark: null }),
    );
    return { objectId: userId, actorId: null };
  },
  "role-change": async () => {
    const person = await target();
    const { name, username, email, role } = person;
    const was = { name, username, email, role, managerId: null };
    await act("people.change", { ...personInput(person), role: "author", was });
    return { objectId: person.userId };
  },
  "person-deactivate": async () => {
    const { userId } = await target();
    await act("people.deactivate", { userId });
    return { objectId: userId };
  },
  "person-create": async () => {
    const username = `logged.${++made}`;
    const answer = await act("people.create", {
      name: "New",
      username,
      email: `${username}@example.org`,
      role: "member",
      managerId: null,
    });
    return { objectId: (answer?.ok ? (answer.value as { userId: string }) : null)?.userId ?? null };
  },
  "password-reset": async () => {
    const { userId } = await target();
    await act("people.reset-password", { userId });
    return { objectId: userId };
  },
  "run.cancel denied": async () => {
    const { runId } = await work("person");
    await act("run.cancel", { runId, reason: "because" }, "outsider");
    return { objectId: runId, actorId: cast().outsider.userId };
  },
  "run-cancel": async () => {
    const { runId } = await work("person");
    await act("run.cancel", { runId, reason: "because" });
    return { objectId: runId };
  },
  "run-suspend": async () => {
    const { runId } = await work("person");
    await act("run.suspend", { runId, reason: "because" });
    return { objectId: runId };
  },
  "item-reassign": async () => {
    const { workItemId } = await work("person");
    const { userId } = await target();
    await act("item.reassign", { workItemIds: [workItemId], to: { type: "user", id: userId }, reason: "because" });
    return { objectId: workItemId };
  },
  "definition-save": async () => {
    const flow = aScreenFlow(`Logged_${++made}`);
    await act("definition.save", { text: JSON.stringify(flow), base: null });
    return { objectId: flow.name };
  },
  "definition-activate": async () => {
    const { name, version } = await aDraft(aScreenFlow(`Logged_${++made}`));
    await act("definition.activate", { name, version });
    return { objectId: name };
  },
  "definition-export": async () => {
    const { name, version } = await aDraft(aScreenFlow(`Logged_${++made}`));
    await act("definition.export", { name, version });
    return { objectId: name };
  },
  "definition-run-as": async () => {
    const { userId, username } = await target();
    const step = aBackgroundStep("Job", { runAs: { user: username } });
    const body = anOrchestration([aStage("First", [step])], { name: `Logged_${++made}`, runAsAllowed: [username] });
    const { name, version } = await aDraft(body);
    await act("definition.activate", { name, version });
    return { objectId: userId };
  },
  "token-create": async () => {
    const answer = await act("tokens.create", { name: "x", scopes: ["runs:start"], days: 30 });
    return { objectId: answer?.ok ? (answer.value as { tokenId: string }).tokenId : null };
  },
  "token-use": async () => {
    const { tokenId } = await knock(["runs:start"]);
    return { objectId: tokenId };
  },
  "api.start-run denied": async () => {
    const { tokenId } = await knock(["runs:read"]);
    return { objectId: tokenId };
  },
  "event denied": async () => {
    const { name } = await aSource("Work_person");
    const request = new Request("http://127.0.0.1:3000/x", { method: "POST", headers: from(), body: "{}" });
    await postEvent(request, { params: Promise.resolve({ source: name }) });
    return { objectId: name, actorId: null };
  },
  "event-source-create": async () => {
    const name = `logged-${++made}`;
    await act("event-source.create", { name, label: "x", definitionId: "Work_person" });
    return { objectId: name };
  },
  "seals-export": async () => {
    const request = new Request("http://127.0.0.1:3000/api/audit/seals", { headers: from() });
    await asking({ sessionId: sessionOf("admin"), headers: from() }, () =>
      seals(request, { params: Promise.resolve({}) }),
    );
    return { objectId: null };
  },
};

async function knock(scopes: string[]): Promise<{ tokenId: string }> {
  const [tokenId, secret] = [newId("token"), TOKEN_PREFIX + newSecret()];
  const row = { tokenId, userId: cast().admin.userId, name: "x", hint: "x", secretHash: digestOf(secret), scopes };
  await db()
    .insert(apiToken)
    .values({ ...row, expiresAt: new Date(Date.now() + 3_600_000) });
  const headers = from({ authorization: `Bearer ${secret}`, "idempotency-key": tokenId });
  headers.delete("origin");
  const request = new Request("http://127.0.0.1:3000/x", { method: "POST", headers, body: "{}" });
  await asking({ headers }, () => startRun(request, { params: Promise.resolve({ name: "Nothing" }) }));
  return { tokenId };
}

describe("written down once", () => {
  test.each(Object.entries(ACTS))("%s", async (name, doIt) => {
    const action = name.split(" ")[0] ?? "";
    const [last] = await db().execute<{ at: string }>("select clock_timestamp()::text as at");
    const { objectId, actorId = cast().admin.userId } = await doIt();
    const rows = await db()
      .select()
      .from(securityEvent)
      .where(and(eq(securityEvent.action, action), gt(securityEvent.at, new Date(last?.at ?? 0))));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      actorId,
      objectId: objectId ?? rows[0]?.objectId,
      allowed: !/ (denied|bad)$/.test(name),
      at: expect.any(Date),
      details: { address: ADDRESS, request: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
  });
});

test("what Baton does by itself has no request, and two requests have two numbers", async () => {
  const session = await aSession(await target());
  expect(session).toMatch(/^ses_/);
  const events = await db().select().from(securityEvent);
  const numbers = events.flatMap(({ details }) => (details as { request?: string }).request ?? []);
  expect(new Set(numbers).size).toBeGreaterThan(Object.keys(ACTS).length / 2);
});
