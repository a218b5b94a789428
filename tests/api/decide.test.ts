import { beforeAll, describe, expect, test, vi } from "vitest";
import { POST } from "../../app/api/v1/work-items/[workItemId]/decision/route";
import { GET } from "../../app/api/v1/work-items/[workItemId]/route";
import { db } from "../../db/client";
import { apiToken } from "../../db/schema";
import { requestApproval } from "../../lib/approvals/commands";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { newSecret } from "../../lib/people/sign-in/make-link";
import { digestOf, TOKEN_PREFIX } from "../../lib/people/sign-in/read-token";
import { saveRecord } from "../../lib/records/commands/save-record";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { activated, anApprovalProcess } from "../builders/definitions";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow, theItem } from "../builders/runs";
import { asking } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));

const team = await aTeamWithThings();
let plain: string;
let careful: string;
beforeAll(async () => {
  plain = (await activated(anApprovalProcess(undefined, { name: "Plain" }))).definitionId;
  const approval = { asksPassword: true };
  careful = (await activated(anApprovalProcess(undefined, { name: "Careful", approval }))).definitionId;
});

async function submitted(definitionId = plain) {
  const recordId = await aRecord("Thing", {}, team.ann);
  const request = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request)));
  return { runId, recordId, workItemId: (await theItem(runId)).workItemId };
}

async function aToken({ userId }: Person, scopes: string[] = ["approvals:decide"]): Promise<string> {
  const secret = TOKEN_PREFIX + newSecret();
  const expiresAt = new Date(Date.now() + 3_600_000);
  const row = {
    tokenId: newId("token"),
    userId,
    name: "x",
    hint: "x",
    secretHash: digestOf(secret),
    scopes,
    expiresAt,
  };
  await db().insert(apiToken).values(row);
  return secret;
}

type Post = { workItemId: string; token: string; body: object; key?: string | null };
async function post({ workItemId, token, body, key = newId("command") }: Post) {
  const headers = new Headers({ "content-type": "application/json", authorization: `Bearer ${token}` });
  if (key !== null) headers.set("idempotency-key", key);
  const address = `http://127.0.0.1:3000/api/v1/work-items/${workItemId}/decision`;
  const request = new Request(address, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await asking({ headers }, () => POST(request, { params: Promise.resolve({ workItemId }) }));
  const said = (await answer.json()) as { workItemId?: string; error?: { code: string; problems?: unknown } };
  return { status: answer.status, body: said };
}
const statusOf = async (runId: string) => (await stateNow(runId)).submission?.status;

async function get({ workItemId, token }: Pick<Post, "workItemId" | "token">) {
  const headers = new Headers({ authorization: `Bearer ${token}` });
  const request = new Request(`http://127.0.0.1:3000/api/v1/work-items/${workItemId}`, { headers });
  const answer = await asking({ headers }, () => GET(request, { params: Promise.resolve({ workItemId }) }));
  return { status: answer.status, body: (await answer.json()) as { shownAs?: string; facts?: unknown[] } };
}

describe("GET /api/v1/work-items/{id}", () => {
  test("tells what its person is to decide on, and what they say to have seen; of another state nothing is decided", async () => {
    const { workItemId, recordId } = await submitted();
    const token = await aToken(team.boss, ["approvals:decide", "records:read"]);
    const { status, body } = await get({ workItemId, token });
    expect(status).toBe(200);
    expect(body).toMatchObject({ workItemId, mayDecide: true, shownAs: expect.stringMatching(/^p/) });
    const values = { Amount: 7 };
    must(await commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Thing", id: recordId, values })));
    const decision = { decision: "approve", shownAs: body.shownAs };
    expect(await post({ workItemId, token, body: decision })).toMatchObject({ status: 409 });
    const anew = (await get({ workItemId, token })).body;
    expect(anew.facts).toContainEqual({ label: "Amount", value: "7" });
    expect(await post({ workItemId, token, body: { ...decision, shownAs: anew.shownAs } })).toMatchObject({
      status: 200,
    });
  });

  test("tells nothing to strangers and to tokens of another scope, and nothing of the record without the scope for that", async () => {
    const { workItemId } = await submitted();
    expect(await get({ workItemId, token: await aToken(await aPerson()) })).toMatchObject({ status: 404 });
    expect(await get({ workItemId, token: await aToken(team.boss, ["runs:start"]) })).toMatchObject({ status: 403 });
    const { body } = await get({ workItemId, token: await aToken(team.boss) });
    expect(body).toMatchObject({ facts: [], shownAs: expect.stringMatching(/^n/) });
  });
});

describe("POST /api/v1/work-items/{id}/decision", () => {
  test("decides as the token's person, once for each key", async () => {
    const { runId, workItemId } = await submitted();
    const ask = {
      workItemId,
      token: await aToken(team.boss),
      key: "one",
      body: { decision: "approve", comments: "OK" },
    };
    expect(await post(ask)).toEqual({ status: 200, body: { workItemId } });
    expect(await post(ask)).toEqual({ status: 200, body: { workItemId } });
    expect(await stateNow(runId)).toMatchObject({
      submission: { status: "approved" },
      items: [{ completedBy: team.boss.userId, outcome: "approve", comments: "OK" }],
    });
    expect(await post({ ...ask, key: "two" })).toMatchObject({ status: 409, body: { error: { code: "item-closed" } } });
  });

  test("needs the reason that the step asks for, and knows the step's outcomes only", async () => {
    const { runId, workItemId } = await submitted();
    const ask = { workItemId, token: await aToken(team.boss) };
    expect(await post({ ...ask, body: { decision: "reject" } })).toMatchObject({
      body: { error: { code: "reason-needed", problems: [{ path: "comments" }] } },
    });
    expect(await post({ ...ask, body: { decision: "Perhaps" } })).toMatchObject({
      body: { error: { code: "unknown-outcome" } },
    });
    expect(await statusOf(runId)).toBe("in_progress");
  });

  test("says what was looked at, and is refused when it is another by now", async () => {
    const { runId, workItemId } = await submitted();
    const ask = { workItemId, token: await aToken(team.boss) };
    const shownAs = (await itemDetail(db(), team.boss, workItemId))?.approval?.shownAs ?? "";
    for (const other of [`${shownAs}x`, shownAs.replace("p", "l"), "anything"])
      expect(await post({ ...ask, body: { decision: "approve", shownAs: other } })).toMatchObject({
        status: 409,
        body: { error: { code: "facts-changed" } },
      });
    expect(await statusOf(runId)).toBe("in_progress");
    const body = { decision: "approve", shownAs };
    expect(await post({ ...ask, body })).toMatchObject({ status: 200 });
  });

  test("is refused where a password is asked for at each decision: no token is one", async () => {
    const { runId, workItemId } = await submitted(careful);
    const ask = { workItemId, token: await aToken(team.boss), body: { decision: "approve" } };
    expect(await post(ask)).toMatchObject({ body: { error: { code: "password-needed" } } });
    expect(await post({ ...ask, body: { ...ask.body, password: "x" } })).toMatchObject({ status: 400 });
    expect(await statusOf(runId)).toBe("in_progress");
  });

  test("is refused to its submitter, to strangers, and to tokens of another scope", async () => {
    const { runId, workItemId } = await submitted();
    const ask = { workItemId, body: { decision: "approve" } };
    expect(await post({ ...ask, token: await aToken(team.ann) })).toMatchObject({ status: 403 });
    expect(await post({ ...ask, token: await aToken(await aPerson()) })).toMatchObject({ status: 404 });
    const reading = await aToken(team.boss, ["runs:read", "runs:start"]);
    expect(await post({ ...ask, token: reading })).toMatchObject({
      status: 403,
      body: { error: { code: "token-scope" } },
    });
    expect(await post({ ...ask, key: null, token: await aToken(team.boss) })).toMatchObject({ status: 400 });
    expect(await statusOf(runId)).toBe("in_progress");
  });
});
