import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { GET as download } from "../../app/api/attachments/[attachmentId]/route";
import { GET as listRecords } from "../../app/api/lists/records/route";
import { POST as attach } from "../../app/api/records/[recordId]/attachments/route";
import { POST as postEvent } from "../../app/api/v1/events/[source]/route";
import { POST as postStart } from "../../app/api/v1/orchestrations/[name]/runs/route";
import { db } from "../../db/client";
import { inventory } from "../../lib/action";
import { currentPerson, type Person } from "../../lib/people/current-person";
import { keepToLimits, LIMITS, type LimitKind } from "../../lib/people/keep-to-limits";
import { aPerson, aSession } from "../builders/people";
import { asking, ownHeaders } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));
import.meta.glob("../../lib/**/actions{.ts,/*.ts}", { eager: true });

/** S42: how often things may be asked, by whom, from where, and in all. */
const KINDS = Object.keys(LIMITS) as LimitKind[];
let ana: Person;
let ben: Person;
let sessions: Map<Person, string>;

beforeAll(async () => {
  [ana, ben] = [await aPerson({ role: "admin" }), await aPerson({ role: "admin" })];
  sessions = new Map([
    [ana, await aSession(ana)],
    [ben, await aSession(ben)],
  ]);
});
beforeEach(async () => {
  await db().execute("delete from attempt");
  await untilMinuteIsYoung();
});
/** A burst must not run over the end of a minute. */
async function untilMinuteIsYoung(): Promise<void> {
  const [row] = await db().execute<{ s: number }>("select extract(second from clock_timestamp())::float8 as s");
  if (row && row.s > 50) await new Promise((done) => setTimeout(done, (60.2 - row.s) * 1_000));
}

const ask = (kind: LimitKind, asker: string, address = "192.0.2.1") => keepToLimits(kind, { asker, address });
/** As if so many had asked in this minute. */
const used = (kind: LimitKind, count: number) =>
  db().execute(`update attempt set count = ${count} where subject like '${kind}:%'`);

describe.each(KINDS)("%s", (kind) => {
  const { asker, address, all } = LIMITS[kind];

  test("is refused past its asker's limit, with how long to wait; others go on", async () => {
    for (let n = 0; n < asker; n++) expect(await ask(kind, "ana", `192.0.2.${n % 250}`)).toBeNull();
    const refusal = await ask(kind, "ana", "198.51.100.1");
    expect(refusal?.code).toBe("too-often");
    expect(Number(refusal?.details?.seconds)).toBeGreaterThan(0);
    expect(Number(refusal?.details?.seconds)).toBeLessThanOrEqual(60);
    expect(await ask(kind, "ben", "198.51.100.2")).toBeNull();
    for (const other of KINDS.filter((each) => each !== kind)) expect(await ask(other, "ana")).toBeNull();
  });

  test("is refused past its address's limit, whoever asks, and past that of all", async () => {
    await ask(kind, "ana");
    await used(kind, address);
    expect((await ask(kind, "ben"))?.code).toBe("too-often");
    expect(await ask(kind, "ben", "198.51.100.2")).toBeNull();
    await used(kind, all);
    expect((await ask(kind, "eve", "203.0.113.9"))?.code).toBe("too-often");
  });

  test("counts in the database, so that another process knows of it, and begins anew with the next minute", async () => {
    await ask(kind, "ana");
    await used(kind, all);
    expect((await ask(kind, "ana"))?.code).toBe("too-often");
    await db().execute("update attempt set window_start = window_start - interval '1 minute'");
    expect(await ask(kind, "ana")).toBeNull();
  });
});

describe("429 with Retry-After", () => {
  const full = async (kind: LimitKind) => {
    await ask(kind, "somebody", "198.51.100.77");
    await used(kind, LIMITS[kind].all);
  };
  const asks = (person: Person, call: (headers: Headers) => Promise<Response>) => {
    const headers = ownHeaders({ "x-forwarded-for": "192.0.2.3", "content-type": "application/json" });
    return asking({ sessionId: sessions.get(person) ?? null, headers }, () => call(headers));
  };
  const params = Promise.resolve({ name: "Nothing", source: "nothing" });
  const DOORS: readonly (readonly [LimitKind, (headers: Headers) => Promise<Response>])[] = [
    [
      "list",
      (headers) =>
        listRecords(new Request("http://127.0.0.1:3000/api/lists/records?object=X", { headers }), { params }),
    ],
    [
      "start",
      (headers) => {
        headers.set("idempotency-key", "a key of its own");
        return postStart(new Request("http://127.0.0.1:3000/x", { method: "POST", headers, body: "{}" }), { params });
      },
    ],
    [
      "upload",
      (headers) => {
        headers.set("idempotency-key", "a key of its own");
        const request = new Request("http://127.0.0.1:3000/x?name=a.pdf&size=2", {
          ...{ method: "POST", headers, body: "{}" },
        });
        return attach(request, { params });
      },
    ],
    ["download", (headers) => download(new Request("http://127.0.0.1:3000/x", { headers }), { params })],
    [
      "event",
      (headers) =>
        postEvent(new Request("http://127.0.0.1:3000/x", { method: "POST", headers, body: "{}" }), { params }),
    ],
  ];
  test.each(DOORS)("of a %s", async (kind, call) => {
    expect((await asks(ana, call)).status).not.toBe(429);
    await full(kind);
    const answer = await asks(ana, call);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(((await answer.json()) as { error: { message: string } }).error.message).toContain("Please wait");
  });

  test.each([
    ["run.start", { definitionId: "Nothing", recordId: null }, "start"],
    ["definition.export", { name: "Nothing", version: 1 }, "export"],
  ] as const)("an action: %s", async (name, input, kind) => {
    await full(kind);
    const act = (person: Person) =>
      asking({ sessionId: sessions.get(person) ?? null }, async () =>
        inventory.get(name)?.({ headers: ownHeaders(), person: currentPerson }, { key: "a key of its own", ...input }),
      );
    expect(await act(ana)).toMatchObject({ ok: false, code: "too-often" });
  });
});
