import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { POST } from "../../app/api/v1/events/[source]/route";
import { db } from "../../db/client";
import { eventSource, job, run, securityEvent } from "../../db/schema";
import { signatureOf } from "../../lib/connect/check-signature";
import { deleteSource, replaceSourceSecret } from "../../lib/connect/commands/keep-source";
import { EVENT_WINDOW_SECONDS } from "../../lib/connect/schema/event";
import { newId } from "../../lib/ids";
import { fingerprint } from "../actions/fingerprint";
import { anAdmin, aSource } from "../builders/connections";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aPerson } from "../builders/people";
import { aRecord, commanded, must } from "../builders/records";
import { aThingWorld } from "../builders/runs";

vi.mock("next/headers", () => import("../support/request"));

/** S41: what other systems may cause by reporting events. */
let recordId = "";
let shop: { name: string; secret: string };
let other: { name: string; secret: string };

const process = (name: string, username: string) =>
  anOrchestration(
    [aStage("First", [anInteractiveStep("Step", { assignee: { type: "user", value: { literal: username } } })])],
    {
      name,
      start: { type: "autolaunched", object: "Thing", next: "First" },
      variables: [{ name: "amount", type: "number", isInput: true }],
    },
  );

beforeAll(async () => {
  await aThingWorld();
  const person = await aPerson();
  const { username } = person;
  await activated(process("Order", username), process("Other", username));
  recordId = await aRecord("Thing", {}, person);
  shop = await aSource("Order");
  other = await aSource("Other");
});

const now = () => Math.floor(Date.now() / 1_000);
type Sent = {
  source?: { name: string; secret: string };
  body?: unknown;
  seconds?: number;
  nonce?: string;
  header?: (signature: string) => string | null;
  /** What is sent in place of what was signed. */
  sent?: string;
};
async function send({
  source = shop,
  body = { inputs: { amount: 1 }, recordId },
  seconds = now(),
  ...more
}: Sent = {}) {
  const { nonce = newId("command"), header = (text: string) => text } = more;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const signature = header(signatureOf(source.secret, { seconds, nonce }, Buffer.from(text)));
  const request = new Request(`http://127.0.0.1:3000/api/v1/events/${source.name}`, {
    method: "POST",
    headers: { ...(signature === null ? {} : { "baton-signature": signature }), "x-forwarded-for": "192.0.2.7" },
    body: more.sent ?? text,
  });
  const answer = await POST(request, { params: Promise.resolve({ source: source.name }) });
  const said = (await answer.json()) as { runId?: string; error?: { code: string; message: string } };
  return { status: answer.status, runId: said.runId ?? "", code: said.error?.code, said };
}
const runsOf = async (name: string) => (await db().select().from(run).where(eq(run.definitionId, name))).length;
const unchanged = async (work: () => Promise<unknown>) => {
  const before = await fingerprint();
  await work();
  expect(await fingerprint()).toEqual(before);
};

describe("an event that is signed by its source", () => {
  test("starts the source's process with the inputs that it brings, as Baton itself", async () => {
    const { status, runId } = await send({ body: { inputs: { amount: 12 }, recordId } });
    expect(status).toBe(201);
    const [row] = await db().select().from(run).where(eq(run.runId, runId));
    expect(row).toMatchObject({ definitionId: "Order", variables: expect.objectContaining({ amount: 12 }) });
  });

  test("wakes a run of that process, and the history says which source did", async () => {
    const { runId } = await send();
    expect(await send({ body: { runId } })).toMatchObject({ status: 202, runId });
    const jobs = await db().select().from(job).where(eq(job.runId, runId));
    expect(jobs).toMatchObject([
      { kind: "wake", payload: { type: "flow", runId: null, flow: expect.stringMatching(/^Source/) } },
    ]);
  });

  test("sent again, at once or later, has the same answer and no second effect", async () => {
    const before = await runsOf("Order");
    const same = { nonce: "order-4711", seconds: now() };
    const answers = await Promise.all([send(same), send(same), send(same)]);
    const again = await send(same);
    expect(new Set([...answers, again].map(({ runId }) => runId)).size).toBe(1);
    expect(await runsOf("Order")).toBe(before + 1);
  });

  test("with the number of another event is refused", async () => {
    await send({ nonce: "order-4712" });
    expect(await send({ nonce: "order-4712", body: { inputs: { amount: 2 }, recordId } })).toMatchObject({
      status: 409,
      code: "key-reused",
    });
  });

  test("leaves the time of the last one with the source", async () => {
    await send();
    const [row] = await db().select().from(eventSource).where(eq(eventSource.name, shop.name));
    expect(row?.lastEventAt).toBeInstanceOf(Date);
  });
});

describe("refused, and nothing is changed:", () => {
  const flip = (text: string) => text.slice(0, -1) + (text.endsWith("0") ? "1" : "0");
  test.each<[string, () => Sent, number, string]>([
    [
      "a changed byte",
      () => ({ body: '{"inputs":{"amount":1}}', sent: '{"inputs":{"amount":9}}' }),
      401,
      "event-unsigned",
    ],
    ["a changed signature", () => ({ header: flip }), 401, "event-unsigned"],
    ["a changed time", () => ({ header: (text) => text.replace(/t=\d+/, `t=${now() - 7}`) }), 401, "event-unsigned"],
    [
      "a changed number",
      () => ({ header: (text) => text.replace(/n=[^,]+/, "n=another-number") }),
      401,
      "event-unsigned",
    ],
    ["no signature", () => ({ header: () => null }), 401, "event-unsigned"],
    ["half a signature", () => ({ header: (text) => text.slice(0, -2) }), 401, "event-unsigned"],
    ["another source's secret", () => ({ source: { ...shop, secret: other.secret } }), 401, "event-unsigned"],
    ["an unknown source", () => ({ source: { name: "nobody", secret: shop.secret } }), 401, "event-unsigned"],
    ["an old time", () => ({ seconds: now() - EVENT_WINDOW_SECONDS - 2 }), 409, "event-late"],
    ["a time to come", () => ({ seconds: now() + EVENT_WINDOW_SECONDS + 5 }), 409, "event-late"],
    ["a body that is no JSON", () => ({ body: "{" }), 400, "not-json"],
    ["a field that nobody asked for", () => ({ body: { inputs: {}, definition: "Other" } }), 400, "invalid"],
    ["both a run and inputs", () => ({ body: { runId: "run_1", inputs: {} } }), 400, "invalid"],
    ["an input that the process has not", () => ({ body: { inputs: { total: 1 }, recordId } }), 400, "unknown-input"],
    ["an input of another type", () => ({ body: { inputs: { amount: "much" }, recordId } }), 400, "wrong-input"],
    ["a run that is not there", () => ({ body: { runId: "run_none" } }), 404, "event-elsewhere"],
    ["two megabytes", () => ({ body: { inputs: { text: "x".repeat(2_000_000) } } }), 413, "too-large"],
  ])("%s", async (_what, given, status, code) => {
    await unchanged(async () => {
      const answer = await send(given());
      expect([answer.status, answer.code]).toEqual([status, code]);
      expect(answer.said.error?.message).toMatch(/^[A-Z].*\.$/s);
    });
  });

  test("a run of another process", async () => {
    const { runId } = await send({ source: other });
    await unchanged(async () =>
      expect(await send({ body: { runId } })).toMatchObject({ status: 404, code: "event-elsewhere" }),
    );
  });

  test("an old event that was taken once is not answered again", async () => {
    const old = { nonce: "old-event-1", seconds: now() - EVENT_WINDOW_SECONDS + 2 };
    expect((await send(old)).status).toBe(201);
    await new Promise((done) => setTimeout(done, 3_500));
    expect(await send(old)).toMatchObject({ status: 409, code: "event-late" });
  });

  test("what was not signed leaves a security event with its address, and no secret", async () => {
    await send({ header: () => null });
    const rows = await db().select().from(securityEvent).where(eq(securityEvent.action, "event"));
    expect(rows.at(-1)).toMatchObject({ allowed: false, objectId: shop.name, details: { address: "192.0.2.7" } });
  });
});

describe("a source's secret", () => {
  test("is sealed, and of no use in another source's row", async () => {
    const rows = await db().select().from(eventSource);
    expect(JSON.stringify(rows)).not.toContain(shop.secret);
    const [one, two] = [await aSource("Order"), await aSource("Order")];
    const [row] = rows.filter(({ name }) => name === shop.name);
    await db()
      .update(eventSource)
      .set({ sealed: row?.sealed ?? "" })
      .where(eq(eventSource.name, two.name));
    expect((await send({ source: { name: two.name, secret: shop.secret } })).code).toBe("event-unsigned");
    expect((await send({ source: one })).status).toBe(201);
  });

  test("replaced or deleted is worth nothing from the next event on", async () => {
    const admin = await anAdmin();
    const source = await aSource("Order");
    const secret = `batev_${"n".repeat(43)}`;
    must(await commanded((tx) => replaceSourceSecret(tx, admin, { name: source.name, secret })));
    expect((await send({ source })).code).toBe("event-unsigned");
    expect((await send({ source: { ...source, secret } })).status).toBe(201);
    must(await commanded((tx) => deleteSource(tx, admin, { name: source.name })));
    expect((await send({ source: { ...source, secret } })).code).toBe("event-unsigned");
  });
});
