import { expect, test } from "vitest";
import { DEMO_ACCOUNTS } from "../../db/seed/accounts";
import { DEMO_OBJECTS } from "../../db/seed/objects";
import { DEMO_PLACES } from "../../db/seed/places";
import { STORIES } from "../../db/seed/stories";
import { checkFlow } from "../../lib/check/check-flow";
import { checkOrchestration } from "../../lib/check/check-orchestration";
import { problemsOf } from "../../lib/check/problems-of";
import { type ObjectInWorld, personKey, type World } from "../../lib/check/world";
import { type DefinitionBody, definitionSchema } from "../../lib/definitions/schema";
import type { Flow } from "../../lib/flow/definition";
import { aWorld } from "../builders/definitions";

const objectInWorld = ({ fields }: (typeof DEMO_OBJECTS)[number]): ObjectInWorld => ({
  fields: new Map(
    fields.map(({ name, type, required, defaultValue, options }) => [
      name,
      {
        type,
        required,
        hasDefault: defaultValue !== null,
        ...(options.object ? { object: options.object } : {}),
        ...(options.values ? { values: options.values.map(({ value }) => value) } : {}),
      },
    ]),
  ),
});

function world(flows: readonly Flow[]): World {
  return {
    ...aWorld(flows),
    objects: new Map(DEMO_OBJECTS.map((object) => [object.name, objectInWorld(object)])),
    people: new Map(
      [
        ...DEMO_ACCOUNTS.map(({ username }) => personKey("user", username)),
        ...DEMO_PLACES.map(({ type, name }) => personKey(type, name)),
      ].map((key) => [key, "active"]),
    ),
  };
}

test.each(Object.entries(STORIES))("%s could be imported by an author: no problem and no warning", (_, bundle) => {
  const parsed = bundle.map((body) => definitionSchema.safeParse(body));
  expect(parsed.flatMap(({ error }, index) => (error ? problemsOf(error, bundle[index]) : []))).toEqual([]);
  const bodies = parsed.flatMap(({ data }): DefinitionBody[] => (data ? [data] : []));
  const here = world(bodies.filter((body): body is Flow => body.kind === "flow"));
  const findings = bodies.map((body) => ({
    name: body.name,
    ...(body.kind === "flow" ? checkFlow(body, here) : checkOrchestration(body, here)),
  }));
  // That is so wherever an approval has screens, and nothing that an author could mend.
  const isKnown = ({ message }: { message: string }) => message.includes("can be decided without its screens");
  const left = findings.map((found) => ({ ...found, warnings: found.warnings.filter((one) => !isKnown(one)) }));
  expect(left.filter(({ problems, warnings }) => problems.length + warnings.length > 0)).toEqual([]);
});
