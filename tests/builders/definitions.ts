import { db } from "../../db/client";
import type { ActionInWorld, ObjectInWorld, World } from "../../lib/check/world";
import { personKey } from "../../lib/check/world";
import { activate } from "../../lib/definitions/commands/activate";
import { type SavedDraft, saveDraft } from "../../lib/definitions/commands/save-draft";
import { activeVersion } from "../../lib/definitions/queries";
import { runnersOf } from "../../lib/definitions/run-as";
import { type Orchestration, orchestrationSchema } from "../../lib/engine/definition";
import type { Flow } from "../../lib/flow/definition";
import type { Person } from "../../lib/people/current-person";
import { aBackgroundFlow, anEvaluationFlow, aScreenFlow } from "./flows";
import { aPerson } from "./people";
import { commanded, must } from "./records";

/** Definitions as plain as can be, as an author would write them: short, and with every default left out. */
type Given = { readonly [key: string]: unknown };

/** An interactive step that calls `Ask` and goes to the owner of the record. */
export const anInteractiveStep = (name = "Step", more: Given = {}): Given => ({
  kind: "interactive",
  name,
  label: name,
  flow: "Ask",
  assignee: { type: "user", value: { ref: "$Record.Owner" } },
  ...more,
});

export const aBackgroundStep = (name = "Step", more: Given = {}): Given => ({
  kind: "background",
  name,
  label: name,
  flow: "Do",
  ...more,
});

/** An approval step without a flow, for the owner's manager. */
export const anApprovalStep = (name = "Step", more: Given = {}): Given => ({
  kind: "approval",
  name,
  label: name,
  assignee: { type: "user", value: { ref: "$Record.Owner.Manager" } },
  ...more,
});

export const aStage = (name: string, steps: readonly Given[], more: Given = {}): Given => ({
  type: "stage",
  name,
  label: name,
  steps,
  next: null,
  ...more,
});

/** An orchestration on object `Thing` that begins with its first element; `elements` are stages and decisions as an author writes them. */
export const anOrchestration = (
  elements: readonly Given[] = [aStage("First", [anInteractiveStep()])],
  more: Given = {},
): Orchestration =>
  orchestrationSchema.parse({
    kind: "orchestration",
    processType: "orchestrator",
    name: "Process",
    label: "Process",
    start: { type: "autolaunched", object: "Thing", next: elements[0]?.name ?? null },
    elements,
    ...more,
  });

/** An approval process on `Thing` with the inputs that every one has. */
export const anApprovalProcess = (
  elements: readonly Given[] = [aStage("First", [anApprovalStep()])],
  more: Given = {},
): Orchestration =>
  anOrchestration(elements, {
    processType: "approval",
    name: "Approval",
    variables: ["recordId", "submitter", "submissionComments", "firstApprover"].map((name) => ({
      name,
      type: "text",
      isInput: true,
    })),
    ...more,
  });

/** The object that the builders' definitions are about. */
const THING: ObjectInWorld = {
  fields: new Map([
    ["Amount", { type: "currency", required: false, hasDefault: false }],
    ["Status", { type: "picklist", required: false, hasDefault: false, values: ["New", "Done"] }],
    ["Due", { type: "date", required: false, hasDefault: false }],
    ["Parent", { type: "lookup", object: "Thing", required: false, hasDefault: false }],
    ["Code", { type: "text", required: true, hasDefault: false }],
  ]),
};

/** A world in which `Thing` exists and these flows are active; the person maya, group Team and queue Desk are there, lea has left. */
export const aWorld = (flows: readonly Flow[] = [aScreenFlow(), aBackgroundFlow(), anEvaluationFlow()]): World => ({
  objects: new Map([["Thing", THING]]),
  flows: new Map<string, Flow | "inactive">([
    ...flows.map((flow) => [flow.name, flow] as const),
    ["Asleep", "inactive"],
  ]),
  people: new Map([
    [personKey("user", "maya"), "active"],
    [personKey("group", "Team"), "active"],
    [personKey("queue", "Desk"), "active"],
    [personKey("user", "lea"), "inactive"],
  ]),
  operations: new Map(),
  actions: new Map<string, ActionInWorld>([
    ["send_email", { inputs: ["to", "subject", "body"], required: ["to", "subject", "body"] }],
    ["lock_record", { inputs: ["editor"], required: [], isForSteps: true }],
  ]),
  calendars: new Set(["Default"]),
});

let builder: Promise<Person> | null = null;
/** Who the builders save definitions as: a person like any other, made once a file. */
function author(): Promise<Person> {
  builder ??= aPerson({ name: "Builder", role: "author" });
  return builder;
}

export async function aDraft(body: unknown, by?: Person): Promise<SavedDraft> {
  const person = by ?? (await author());
  return must(await commanded((tx) => saveDraft(tx, person, { body })));
}

let lender: Promise<Person> | null = null;
/** Who the builders activate definitions as whose steps run as somebody. */
function admin(): Promise<Person> {
  lender ??= aPerson({ name: "Lender", role: "admin" });
  return lender;
}

/** Saves and activates definitions one after another, flows first; gives the last one as runs will see it. */
export async function activated(
  ...bodies: readonly (Flow | Orchestration)[]
): Promise<NonNullable<Awaited<ReturnType<typeof activeVersion>>>> {
  let last: SavedDraft | null = null;
  for (const body of bodies) {
    const draft = await aDraft(body);
    last = draft;
    const by = await (runnersOf(body).length > 0 ? admin() : author());
    must(await commanded((tx) => activate(tx, by, draft)));
  }
  const active = last ? await activeVersion(db(), last.name) : null;
  if (!active) throw new Error("nothing was activated");
  return active;
}
