import { and, eq, inArray } from "drizzle-orm";
import type { Database } from "../../db/client";
import { definition } from "../../db/schema/definitions";
import { calledBy } from "../check/check-subflow";
import { type ActionInWorld, type FieldInWorld, type ObjectInWorld, personKey, type World } from "../check/world";
import type { Orchestration } from "../engine/definition";
import { isHuman } from "../engine/find";
import { readsOf } from "../engine/reads";
import { type Flow, MAX_SUBFLOW_DEPTH } from "../flow/definition";
import { findGroup, findPerson, findQueue } from "../people/queries";
import { listObjects } from "../records/queries/object-named";
import type { FieldShape } from "../records/schema/object";
import { operationsNamed } from "./operations-named";
import { activeBodies } from "./queries";
import { calendarNames } from "./read-calendars";
import type { DefinitionBody } from "./schema";

/** Actions that flows may call. `lib/launch/wire.ts` registers what they do under the same names. */
const ACTIONS: ReadonlyMap<string, ActionInWorld> = new Map([
  ["send_email", { inputs: ["to", "subject", "body"], required: ["to", "subject", "body"] }],
  ["lock_record", { inputs: ["editor"], required: [], isForSteps: true }],
  ["unlock_record", { inputs: [], required: [], isForSteps: true }],
  ["start_orchestration", { inputs: ["orchestration", "recordId", "inputs"], required: ["orchestration"] }],
  [
    "request_approval",
    { inputs: ["process", "recordId", "comments", "firstApprover", "submitter"], required: ["process"] },
  ],
]);

/** Everything that a definition names, as it is now: what `lib/check` judges it by. */
export async function loadWorld(db: Database, body: DefinitionBody): Promise<World> {
  const [objects, flows, calendars, operations, people] = await Promise.all([
    listObjects(db),
    body.kind === "orchestration" ? flowsOf(db, flowNames(body)) : calledFlows(db, body),
    calendarNames(db),
    body.kind === "orchestration" ? operationsNamed(db, operationNames(body)) : new Map(),
    body.kind === "orchestration" ? peopleOf(db, body) : new Map(),
  ]);
  return {
    objects: new Map(objects.map(({ name, fields }) => [name, objectInWorld(fields)])),
    flows,
    people,
    operations,
    actions: ACTIONS,
    calendars: new Set(calendars),
  };
}

/** The flows that a flow calls, and those that they call, one step further than flows may lie in one another. */
async function calledFlows(db: Database, flow: Flow): Promise<Map<string, Flow | "inactive">> {
  const found = new Map<string, Flow | "inactive">();
  let names = calledBy(flow);
  for (let depth = 0; depth <= MAX_SUBFLOW_DEPTH && names.length > 0; depth++) {
    const next = await flowsOf(db, names);
    for (const [name, body] of next) found.set(name, body);
    const called = [...next.values()].flatMap((body) => (body === "inactive" ? [] : calledBy(body)));
    names = [...new Set(called)].filter((name) => !found.has(name));
  }
  return found;
}

const objectInWorld = (fields: readonly FieldShape[]): ObjectInWorld => ({
  fields: new Map(fields.map((field) => [field.name, fieldInWorld(field)])),
});

const fieldInWorld = ({ type, required, defaultValue, options }: FieldShape): FieldInWorld => ({
  type,
  required,
  hasDefault: defaultValue !== null,
  ...(options.object ? { object: options.object } : {}),
  ...(options.values ? { values: options.values.map(({ value }) => value) } : {}),
});

/** Every flow that an orchestration calls: steps' flows, and evaluation flows of entries and exits. Each once. */
export const flowNames = (definition: Orchestration): readonly string[] => readsOf(definition).flows;

const stepsOf = ({ elements, approval }: Orchestration) => [
  ...elements.flatMap((element) => (element.type === "stage" ? element.steps : [])),
  ...(approval?.recallStage?.steps ?? []),
];

const operationNames = (definition: Orchestration): string[] => [
  ...new Set(stepsOf(definition).flatMap((step) => (step.kind === "external" ? [step.operation] : []))),
];

async function flowsOf(db: Database, names: readonly string[]): Promise<Map<string, Flow | "inactive">> {
  if (names.length === 0) return new Map();
  const [known, active] = await Promise.all([
    db
      .select({ name: definition.definitionId })
      .from(definition)
      .where(and(inArray(definition.definitionId, [...names]), eq(definition.kind, "flow"))),
    activeBodies(db, names),
  ]);
  const bodies = new Map(
    active.flatMap(({ definitionId, body }) => (body.kind === "flow" ? [[definitionId, body] as const] : [])),
  );
  return new Map(known.map(({ name }) => [name, bodies.get(name) ?? "inactive"]));
}

type PlaceType = "user" | "group" | "queue";

/** The people, groups and queues that are written down in a definition; at most as many as it has steps. */
function named(body: Orchestration): { type: PlaceType; name: string }[] {
  const assignees = stepsOf(body).flatMap((step) => {
    if (!isHuman(step) || !("literal" in step.assignee.value)) return [];
    const { literal } = step.assignee.value;
    if (typeof literal !== "string") return [];
    const types: PlaceType[] = step.assignee.type === "resource" ? ["user", "group", "queue"] : [step.assignee.type];
    return types.map((type) => ({ type, name: literal }));
  });
  const escalated = stepsOf(body).flatMap((step) => {
    const to = isHuman(step) ? step.due?.escalate?.to : undefined;
    return to === undefined || to === "manager" ? [] : [{ type: to.type, name: to.value }];
  });
  const runners = stepsOf(body).flatMap((step) =>
    step.kind === "background" && typeof step.runAs === "object"
      ? [{ type: "user" as const, name: step.runAs.user }]
      : [],
  );
  return body.fallbackAssignee
    ? [...assignees, ...escalated, ...runners, { type: body.fallbackAssignee.type, name: body.fallbackAssignee.value }]
    : [...assignees, ...escalated, ...runners];
}

async function peopleOf(db: Database, body: Orchestration): Promise<Map<string, "active" | "inactive">> {
  const wanted = new Map(named(body).map((place) => [personKey(place.type, place.name), place]));
  const found = await Promise.all([...wanted].map(async ([key, place]) => [key, await stateOf(db, place)] as const));
  return new Map(found.flatMap(([key, state]) => (state ? [[key, state] as const] : [])));
}

/** What the people, groups and queues that are written down in a definition are called, by `personKey`. */
export async function namesIn(db: Database, body: Orchestration): Promise<Record<string, string>> {
  const found = await Promise.all(
    named(body).map(async ({ type, name }): Promise<[string, string][]> => {
      const place =
        type === "user"
          ? await findPerson(db, name)
          : type === "group"
            ? await findGroup(db, name)
            : await findQueue(db, name);
      return place ? [[personKey(type, name), "label" in place ? place.label : place.name]] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function stateOf(
  db: Database,
  { type, name }: { type: PlaceType; name: string },
): Promise<"active" | "inactive" | null> {
  if (type === "group") return (await findGroup(db, name)) ? "active" : null;
  if (type === "queue") return (await findQueue(db, name)) ? "active" : null;
  const person = await findPerson(db, name);
  return person ? (person.active ? "active" : "inactive") : null;
}
