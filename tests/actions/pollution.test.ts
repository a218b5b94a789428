import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { GET as listWork } from "../../app/api/lists/work/route";
import { POST as startRun } from "../../app/api/v1/orchestrations/[name]/runs/route";
import { type ActionResult, inventory } from "../../lib/action";
import { currentPerson } from "../../lib/people/current-person";
import { asking, headers, ownHeaders } from "../support/request";
import { makeCast, sessionOf } from "./cast";
import { OPERATIONS } from "./operations";

vi.mock("next/headers", () => import("../support/request"));
import.meta.glob("../../lib/**/actions{.ts,/*.ts}", { eager: true });

/** S45: whatever is sent, wherever it stands, no object of the process gets what it did not have. */
const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
const namesOf = () => PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).map(String));
const known = namesOf();

beforeAll(makeCast);
afterEach(() => {
  expect(Reflect.get({}, "polluted")).toBeUndefined();
  expect(Reflect.get([], "polluted")).toBeUndefined();
  expect(namesOf()).toEqual(known);
});

/** As JSON brings them: own properties of these names. */
const POISON: readonly string[] = [
  '"__proto__":{"polluted":1}',
  '"constructor":{"prototype":{"polluted":1}}',
  '"prototype":{"polluted":1}',
  '"__proto__":{"__proto__":{"polluted":1},"toString":null}',
];
const NAMES = ["__proto__", "constructor", "prototype", "__proto__.polluted", "constructor.prototype.polluted"];

/** JSON of the value, with the poison in each of its objects. */
function poisoned(value: unknown, poison: string): string {
  if (Array.isArray(value)) return `[${value.map((entry) => poisoned(entry, poison)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const own = Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}:${poisoned(entry, poison)}`);
  return `{${[poison, ...own].join(",")}}`;
}

/** The input with poison in each of its objects, and with each of its texts replaced by a name. */
function* variants(input: object): Generator<unknown> {
  for (const poison of POISON) yield JSON.parse(poisoned(input, poison));
  for (const [field, value] of Object.entries(input)) {
    if (field === "key") continue;
    for (const name of NAMES) {
      yield { ...input, [field]: name };
      yield { ...input, [field]: JSON.parse(`{"${name}":{"polluted":1}}`) };
    }
    if (typeof value === "string" && value.startsWith("{"))
      for (const poison of POISON) yield { ...input, [field]: poisoned(JSON.parse(value), poison) };
  }
}

const call = (name: string, input: unknown): Promise<ActionResult<unknown> | undefined> =>
  asking({ sessionId: sessionOf("admin"), headers: ownHeaders() }, async () =>
    inventory.get(name)?.({ headers: await headers(), person: currentPerson }, input),
  );
const actions = [...new Map(OPERATIONS.map((operation) => [operation.action, operation])).values()];

test.each(actions.map((operation) => [operation.action, operation] as const))("action %s", async (name, { input }) => {
  const given = { key: "a key of its own", ...(await input()) };
  for (const variant of variants(given)) {
    const answer = await call(name, variant);
    expect([name, variant, answer?.ok === false && answer.code]).not.toEqual([name, variant, "fault"]);
  }
});

test("the routes", async () => {
  const params = Promise.resolve({ name: "Work_person" });
  for (const name of NAMES) {
    for (const poison of POISON) {
      const body = `{"inputs":{${poison},"${name}":1},${poison}}`;
      const from = ownHeaders({ "content-type": "application/json", "idempotency-key": `${name} ${poison}` });
      const request = new Request("http://127.0.0.1:3000/x", { method: "POST", headers: from, body });
      const answer = await asking({ sessionId: sessionOf("admin"), headers: from }, () =>
        startRun(request, { params }),
      );
      expect(answer.status).toBeLessThan(500);
    }
    const query = new Request(`http://127.0.0.1:3000/x?${name}=1&${name}[polluted]=1`);
    const answer = await asking({ sessionId: sessionOf("admin") }, () => listWork(query, { params }));
    expect(answer.status).toBeLessThan(500);
  }
});
