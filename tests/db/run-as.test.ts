import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { history, securityEvent, user } from "../../db/schema";
import { activate } from "../../lib/definitions/commands/activate";
import { importDefinitions } from "../../lib/definitions/commands/import-definitions";
import { readDefinition } from "../../lib/definitions/read-definition";
import { may } from "../../lib/gate";
import type { Person } from "../../lib/people/current-person";
import { aBackgroundStep, activated, aDraft, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, started, stateNow } from "../builders/runs";

/** S33: who may let a step run with whose rights, and with which rights it then runs. */
let ann: Person;
let admin: Person;
let author: Person;
let runner: Person;
let made = 0;

beforeAll(async () => {
  ({ ann, admin } = await aTeamWithThings());
  author = await aPerson({ role: "author" });
  await anObject("Secret", { Note: { type: "text" } });
  await activated(lookFlow);
});
beforeEach(async () => {
  runner = await aPerson({ name: "Rita Runner" });
});

/** Reads a Secret by its id and says what it found. */
const lookFlow = aBackgroundFlow("Look", {
  variables: [
    { name: "recordId", type: "text", isInput: true },
    { name: "secret", type: "record", object: "Secret" },
    { name: "note", type: "text", isOutput: true },
  ],
  start: "Get",
  elements: [
    {
      type: "get_records",
      name: "Get",
      label: "Get",
      object: "Secret",
      where: [{ field: "Id", operator: "equals", value: { ref: "recordId" } }],
      into: "secret",
      next: "Set",
    },
    {
      type: "assignment",
      name: "Set",
      label: "Set",
      assignments: [{ variable: "note", value: { ref: "secret.Note" } }],
      next: null,
    },
  ],
});

const asRunner = (more: { allowed?: string[]; inputs?: object; flow?: string } = {}) =>
  anOrchestration(
    [
      aStage("First", [
        aBackgroundStep("Job", {
          flow: more.flow ?? "Do",
          inputs: more.inputs ?? {},
          runAs: { user: runner.username },
        }),
      ]),
    ],
    { name: `RunAs${++made}`, runAsAllowed: more.allowed ?? [runner.username] },
  );
const activating = async (body: ReturnType<typeof anOrchestration>, by: Person) => {
  const draft = await aDraft(body);
  return commanded(by, (tx) => activate(tx, by, draft));
};
const codeOf = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? "ok" : result.refusal?.code);
const eventsAbout = (person: Person) =>
  db()
    .select()
    .from(securityEvent)
    .where(and(eq(securityEvent.action, "definition-run-as"), eq(securityEvent.objectId, person.userId)));

describe("at activation", () => {
  test("an admin may lend somebody's rights, and that is written down", async () => {
    expect(codeOf(await activating(asRunner(), admin))).toBe("ok");
    expect(await eventsAbout(runner)).toMatchObject([{ actorId: admin.userId, allowed: true }]);
  });

  test("an author may not, whoever it is, and that is written down too", async () => {
    const body = asRunner();
    const answer = await activating(body, author);
    expect(answer).toMatchObject({ ok: false, refusal: { code: "run-as-admin", details: { name: "Rita Runner" } } });
    expect(await eventsAbout(runner)).toMatchObject([{ actorId: author.userId, allowed: false }]);
    const page = await readDefinition(db(), body.name, null);
    expect(page?.shown.status).toBe("draft");
  });

  test("an author may activate what runs as the automated process user or as who did the work", async () => {
    for (const runAs of ["automated", "latest_completer"]) {
      const body = anOrchestration([aStage("First", [aBackgroundStep("Job", { runAs })])], { name: `RunAs${++made}` });
      expect(codeOf(await activating(body, author))).toBe("ok");
    }
  });

  test("nobody lends more rights than their own", () => {
    for (const role of ["member", "author", "manager", "admin"] as const) {
      expect(may(admin, "definition.run-as", { role })).toBe(true);
      for (const other of [author, ann, runner]) expect(may(other, "definition.run-as", { role })).toBe(false);
    }
  });

  test("somebody who is not on the definition's list is a problem at its place", async () => {
    for (const allowed of [[], ["somebody.else"]])
      expect(await activating(asRunner({ allowed }), admin)).toMatchObject({
        refusal: {
          code: "definition-invalid",
          problems: [{ path: "elements[0].steps[0].runAs.user", message: expect.stringContaining("runAsAllowed") }],
        },
      });
  });

  test("an import that names somebody is refused to all but admins, draft or active", async () => {
    const content = [asRunner(), asRunner()];
    for (const isActive of [false, true]) {
      const refused = await commanded(author, (tx) => importDefinitions(tx, author, { content, activate: isActive }));
      expect(refused).toMatchObject({
        refusal: { code: "run-as-admin", problems: [{ path: "[0].name", message: expect.stringContaining("Rita") }] },
      });
    }
    expect(await readDefinition(db(), content[0]?.name ?? "", null)).toBeNull();
    expect(codeOf(await commanded(admin, (tx) => importDefinitions(tx, admin, { content, activate: true })))).toBe(
      "ok",
    );
  });

  test("the page says by name whose rights are lent", async () => {
    const draft = await aDraft(asRunner());
    expect((await readDefinition(db(), draft.name, null))?.runsAs).toEqual(["Rita Runner"]);
  });
});

describe("at run", () => {
  const note = "only its owner reads this";
  const looking = async (owner: Person) => {
    const recordId = await aRecord("Secret", { Note: note }, owner);
    const body = asRunner({ flow: "Look", inputs: { recordId: { literal: recordId } } });
    await activated(body);
    const thing = await aRecord("Thing", {}, ann);
    const { runId } = must(await started(ann, { definitionId: body.name, recordId: thing, inputs: {} }));
    return { runId, step: (await stateNow(runId)).steps[0] };
  };

  test("the flow reads what its person may read, and nothing else, whoever started the run", async () => {
    expect((await looking(runner)).step?.outputs).toEqual({ note });
    expect((await looking(ann)).step?.outputs).not.toEqual({ note });
  });

  test("the history has who acted and whose rights were used", async () => {
    const { runId } = await looking(runner);
    const rows = await db().select().from(history).where(eq(history.runId, runId));
    const step = rows.find(({ type }) => type === "step-started");
    expect(step).toMatchObject({ actorType: "user", actorId: ann.userId, runAs: runner.userId });
    // The event itself keeps what the definition says.
    expect(step?.payload).toMatchObject({ runAs: runner.username });
  });

  test("a person who has left ends the step in Error; nobody else's rights are used", async () => {
    const body = asRunner();
    await activated(body);
    await db().update(user).set({ active: false }).where(eq(user.userId, runner.userId));
    const recordId = await aRecord("Thing", {}, ann);
    const { runId } = must(await started(ann, { definitionId: body.name, recordId, inputs: {} }));
    expect((await stateNow(runId)).steps).toMatchObject([
      { status: "error", error: "The flow is to run as somebody who is not active any more." },
    ]);
  });
});

describe("S34: a flow in system context", () => {
  const named = (name: string, variables: object[]) =>
    aBackgroundFlow(name, {
      runMode: "system_without_sharing",
      variables: [
        { name: "thing", type: "record", object: "Thing", isInput: true },
        { name: "note", type: "text", isOutput: true },
        ...variables,
      ],
      elements: [
        {
          type: "assignment",
          name: "Set",
          label: "Set",
          assignments: [{ variable: "note", value: { ref: "thing.Name" } }],
          next: null,
        },
      ],
    });
  const given = async (flow: ReturnType<typeof named>) => {
    const secret = await aRecord("Secret", { Name: "Nobody's business", Note: "x" }, runner);
    const step = aBackgroundStep("Job", { flow: flow.name, inputs: { thing: { literal: secret } } });
    const body = anOrchestration([aStage("First", [step])], { name: `Named${++made}` });
    await activated(flow, body);
    const recordId = await aRecord("Thing", {}, ann);
    const { runId } = must(await started(ann, { definitionId: body.name, recordId, inputs: {} }));
    return (await stateNow(runId)).steps[0];
  };

  test("that is handed the id of another object's record fails instead of reading it", async () => {
    const step = await given(named("Undeclared", []));
    expect(step).toMatchObject({ status: "error", error: expect.stringContaining("Secret") });
    expect(JSON.stringify(step)).not.toContain("Nobody's business");
  });

  test("reads the objects that it names", async () => {
    const step = await given(named("Declared", [{ name: "secret", type: "record", object: "Secret" }]));
    expect(step).toMatchObject({ status: "completed", outputs: { note: "Nobody's business" } });
  });
});
