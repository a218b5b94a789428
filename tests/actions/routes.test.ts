import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { routes } from "../../lib/route";
import { attached } from "../builders/files";
import { must } from "../builders/records";
import { asking } from "../support/request";
import { cast, makeCast, ROLES, type Role, sessionOf, type Work, work } from "./cast";
import { fingerprint } from "./fingerprint";

vi.mock("next/headers", () => import("../support/request"));

/** Route handlers × roles: which of them get an answer; the others are told what they would be told of something that does not exist. */
type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
const modules = import.meta.glob("../../app/**/route.ts", { eager: true }) as Record<
  string,
  { GET?: Handler; POST?: Handler; HEAD?: Handler }
>;

const SIGNED_IN: readonly Role[] = ROLES.filter((role) => role !== "anonymous" && role !== "deactivated");
const SEE_ALL: readonly Role[] = ["manager", "admin"];
let item: Work;
let approval: Work;
let attachmentId: string;
type Row = {
  readonly query?: () => string;
  readonly params?: () => Record<string, string>;
  readonly may: readonly Role[];
  /** Who knows of it and is told why not. */
  readonly told?: readonly Role[];
};

const TABLE: Readonly<Record<string, Row>> = {
  "attachments/[attachmentId]": { params: () => ({ attachmentId }), may: ["assignee", "starter", ...SEE_ALL] },
  "audit/seals": { may: ["admin"] },
  "lists/approvals/preview": {
    query: () => `definitionId=Approve_person&recordId=${approval.recordId}`,
    may: ["assignee", "starter", ...SEE_ALL],
  },
  "lists/assignees": { query: () => "search=a", may: SIGNED_IN },
  "lists/definitions": { may: ["author", "admin"] },
  "lists/items": { may: SEE_ALL },
  "lists/lookup": { query: () => "to=Secret", may: SIGNED_IN },
  "lists/records": { query: () => "object=Secret", may: SIGNED_IN },
  "lists/runs": { may: SEE_ALL },
  "lists/runs/[runId]/control": { params: () => ({ runId: item.runId }), may: ["starter", ...SEE_ALL] },
  "lists/runs/[runId]/evidence": { params: () => ({ runId: item.runId }), may: ["starter", ...SEE_ALL] },
  "lists/approvals": { may: SIGNED_IN },
  "lists/approvals/matching": { may: SIGNED_IN },
  "lists/work": { may: SIGNED_IN },
  "lists/work/[workItemId]": {
    params: () => ({ workItemId: item.workItemId }),
    may: ["assignee", "starter", ...SEE_ALL],
  },
  "lists/work/[workItemId]/ahead": {
    query: () => "outcome=Approve",
    params: () => ({ workItemId: approval.workItemId }),
    may: ["assignee"],
    told: ["starter", ...SEE_ALL],
  },
  "lists/work/counts": { may: SIGNED_IN },
  "lists/work/on-record": { query: () => `recordId=${item.recordId}`, may: SIGNED_IN },
  stream: { may: SIGNED_IN },
};
/** Tested by themselves: tests/api/attachments, tests/api/events, tests/api/start-run, tests/api/decide, tests/api/health, and the sign-in. */
const ELSEWHERE = [
  "records/[recordId]/attachments",
  "v1/events/[source]",
  "v1/orchestrations/[name]/runs",
  "v1/work-items/[workItemId]",
  "v1/work-items/[workItemId]/decision",
  "health",
  "livez",
  "readyz",
  "auth/[...nextauth]",
];

beforeAll(async () => {
  await makeCast();
  item = await work("person");
  approval = await work("approval");
  attachmentId = must(await attached(cast().starter, item.recordId, { name: "a.pdf" })).id;
});

const nameOf = (path: string) => path.replace(/^.*app\/(api\/)?/, "").replace(/\/route\.ts$/, "");
const get = async (role: Role, name: string, params?: Record<string, string>): Promise<Response> => {
  const handler = modules[`../../app/api/${name}/route.ts`]?.GET;
  if (!handler) throw new Error(`there is no GET of ${name}`);
  const { query, params: own } = TABLE[name] ?? {};
  const stop = new AbortController();
  const request = new Request(`http://127.0.0.1:3000/api/${name}${query ? `?${query()}` : ""}`, {
    signal: stop.signal,
  });
  const answer = await asking({ sessionId: sessionOf(role), headers: new Headers() }, () =>
    handler(request, { params: Promise.resolve(params ?? own?.() ?? {}) }),
  );
  if (name === "stream") stop.abort();
  return answer;
};

test("every route is in the table, and is made by route()", () => {
  expect(Object.keys(modules).map(nameOf).toSorted()).toEqual([...Object.keys(TABLE), ...ELSEWHERE].toSorted());
  const made = Object.keys(modules).filter((path) =>
    /= route\(/.test(readFileSync(new URL(path, import.meta.url), "utf8")),
  );
  expect(routes.size).toBe(made.length);
});

describe.each(Object.entries(TABLE))("GET /api/%s", (name, { may, told = [] }) => {
  test.each(ROLES)("%s", async (role) => {
    const before = await fingerprint();
    const answer = await get(role, name);
    const refused = told.includes(role) ? 403 : SIGNED_IN.includes(role) ? 404 : 401;
    expect(answer.status).toBe(may.includes(role) ? 200 : refused);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect(await fingerprint()).toEqual(before);
  });
});

test("an item that does not exist is answered like one that is not theirs", async () => {
  const [theirs, none] = [
    await get("outsider", "lists/work/[workItemId]"),
    await get("outsider", "lists/work/[workItemId]", { workItemId: "wi_none" }),
  ];
  expect([theirs.status, await theirs.text()]).toEqual([none.status, await none.text()]);
});

test("S28: lists hold nothing of others, though the ids are known", async () => {
  for (const name of [
    "lists/records",
    "lists/approvals",
    "lists/approvals/matching",
    "lists/work",
    "lists/work/on-record",
  ]) {
    const text = await (await get("outsider", name)).text();
    for (const id of Object.values(item)) expect(text).not.toContain(id);
  }
});

test("S17: only the listed doors take a POST, and none a GET that changes something", () => {
  const posts = Object.entries(modules).filter(([, module]) =>
    Object.keys(module).some((method) => ["POST", "PUT", "PATCH", "DELETE"].includes(method)),
  );
  expect(posts.map(([path]) => nameOf(path)).toSorted()).toEqual([
    "auth/[...nextauth]",
    "records/[recordId]/attachments",
    "v1/events/[source]",
    "v1/orchestrations/[name]/runs",
    "v1/work-items/[workItemId]/decision",
  ]);
});
