import { beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type ActionResult, action, inventory } from "../../lib/action";
import { currentPerson } from "../../lib/people/current-person";
import { isKnownCode, sentenceOf, statusOf } from "../../lib/refusals";
import { BOUNDS } from "../../lib/request";
import { ok } from "../../lib/result";
import { asking, headers, ownHeaders } from "../support/request";
import { makeCast, sessionOf } from "./cast";
import { fingerprint } from "./fingerprint";
import { OPERATIONS } from "./operations";

vi.mock("next/headers", () => import("../support/request"));
import.meta.glob("../../lib/**/actions{.ts,/*.ts}", { eager: true });

beforeAll(makeCast);

const call = (name: string, input: unknown, from: Headers = ownHeaders()): Promise<ActionResult<unknown>> =>
  asking({ sessionId: sessionOf("admin"), headers: from }, async () => {
    const perform = inventory.get(name);
    if (!perform) throw new Error(`there is no action ${name}`);
    return perform({ headers: await headers(), person: currentPerson }, input);
  });
const codeOf = (result: ActionResult<unknown>) => (result.ok ? "ok" : result.code);
const actions = [...new Map(OPERATIONS.map((operation) => [operation.action, operation])).values()];

describe("S18: an action asks where it is called from, and changes nothing for a stranger", () => {
  const own = "http://127.0.0.1:3000";
  const STRANGERS: Record<string, Record<string, string>> = {
    "no origin": { cookie: "x" },
    "a foreign origin": { origin: "https://evil.example" },
    "a foreign origin that the proxy vouches for": {
      origin: "https://evil.example",
      "x-forwarded-host": "evil.example",
      host: "evil.example",
    },
    "origin null": { origin: "null" },
    "our name on another port": { origin: "http://127.0.0.1:3001" },
    "our name as a part": { origin: "http://127.0.0.1:3000.evil.example" },
    "our origin from another site": { origin: own, "sec-fetch-site": "cross-site" },
  };
  test.each(actions.map((operation) => [operation.action, operation] as const))("%s", async (name, operation) => {
    const input = await operation.input();
    const before = await fingerprint();
    for (const [who, given] of Object.entries(STRANGERS))
      expect([who, codeOf(await call(name, input, new Headers(given)))]).toEqual([who, "foreign-origin"]);
    expect(await fingerprint()).toEqual(before);
  });
});

describe("S36, S43: what an action is given", () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  const wide = (keys: number) => Object.fromEntries(Array.from({ length: keys }, (_, n) => [`k${n}`, n]));
  const TOO_MUCH: [string, unknown, string][] = [
    ["two megabytes", { parts: Array.from({ length: 30 }, () => "x".repeat(70_000)) }, "too-large"],
    ["33 levels", deep(40), "too-deep"],
    ["2,001 keys", wide(2_001), "too-many-keys"],
    ["10,001 entries", { list: Array.from({ length: 10_001 }, () => 1) }, "too-many-keys"],
    ["a text of more than 100 KB", { text: "x".repeat(BOUNDS.textCharacters + 1) }, "too-long"],
    ["a character that cannot be kept", { text: "a\u0000b" }, "unprintable"],
  ];
  test.each(TOO_MUCH)("%s are refused with a sentence, by each action", async (_what, input, code) => {
    const before = await fingerprint();
    for (const { action: name } of actions) {
      if (code === "too-long" && name.startsWith("definition.")) continue;
      expect([name, codeOf(await call(name, input))]).toEqual([name, code]);
    }
    expect(statusOf(code)).toBe(code === "unprintable" ? 400 : 413);
    expect(sentenceOf({ code })).toContain("Nothing was changed");
    expect(await fingerprint()).toEqual(before);
  });

  const WRONG: unknown[] = [
    undefined,
    null,
    1,
    "x",
    [],
    {},
    { key: 1 },
    { key: "x".repeat(5) },
    Array.from({ length: 9_000 }, () => "x"),
  ];
  test("wrong shapes are refused by each, and nothing is thrown", async () => {
    for (const { action: name } of actions) {
      for (const input of WRONG)
        expect([name, input, codeOf(await call(name, input))]).toEqual([name, input, "invalid"]);
    }
  });

  test("keys that an action does not know are refused, wherever they stand first", async () => {
    for (const { action: name, input } of actions) {
      const given = await input();
      for (const extra of ["status", "assigneeId", "role2", "runAs", "completedBy", "isAdmin"]) {
        const result = await call(name, { ...given, [extra]: "x" });
        expect([name, codeOf(result)]).toEqual([name, "invalid"]);
        expect(!result.ok && result.problems).toContainEqual({ path: extra, message: "is not known here" });
      }
    }
  });
});

describe("S39: a fault tells its number and nothing else", () => {
  const secret = 'insert into "user" values ($1) at /srv/baton/lib/x.ts:12 password=hunter2';
  test("whatever was thrown", async () => {
    const break_ = action({
      name: "test.break",
      schema: z.strictObject({}),
      run: async () => {
        throw new Error(secret);
      },
    });
    const result = await asking({ sessionId: sessionOf("admin") }, () => break_({}));
    expect(codeOf(result)).toBe("fault");
    expect(JSON.stringify(result)).toMatch(/code [0-9a-f]{8}/);
    for (const word of ["insert", "user", "/srv", ".ts", "hunter2", "Error"])
      expect(JSON.stringify(result)).not.toContain(word);
    inventory.delete("test.break");
  });

  test("an answer is given for a good one", async () => {
    const add = action({
      name: "test.add",
      schema: z.strictObject({ a: z.number() }),
      run: async ({ input }) => ok(input.a + 1),
    });
    expect(await asking({ sessionId: sessionOf("admin") }, () => add({ a: 1 }))).toEqual({ ok: true, value: 2 });
    inventory.delete("test.add");
  });
});

describe("refusals", () => {
  const sources = import.meta.glob("../../lib/**/*.ts", { eager: true, query: "?raw", import: "default" }) as Record<
    string,
    string
  >;
  test("every code that is refused with has its sentence", () => {
    const used = Object.entries(sources).flatMap(([path, text]) =>
      [...text.matchAll(/\brefuse\(\s*"([a-z-]+)"/g), ...text.matchAll(/\bcode: "([a-z]+(?:-[a-z]+)*)"/g)].map(
        (match) => `${match[1]} in ${path}`,
      ),
    );
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((use) => !isKnownCode(use.split(" ")[0] ?? ""))).toEqual([]);
  });
  test("a code that nobody knows still says that nothing happened", () => {
    expect(sentenceOf({ code: "made-up" })).toContain("Nothing was changed");
    expect(sentenceOf({ code: "constructor" })).toContain("Nothing was changed");
  });
});
