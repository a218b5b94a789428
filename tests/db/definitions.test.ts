import { beforeAll, describe, expect, test } from "vitest";
import { connect, db } from "../../db/client";
import { runCommand } from "../../lib/command";
import { activate } from "../../lib/definitions/commands/activate";
import { createDefinition } from "../../lib/definitions/commands/create-definition";
import { deactivate } from "../../lib/definitions/commands/deactivate";
import { importDefinitions } from "../../lib/definitions/commands/import-definitions";
import { saveDraft } from "../../lib/definitions/commands/save-draft";
import { exportDefinition } from "../../lib/definitions/export-definition";
import { listDefinitions } from "../../lib/definitions/list-definitions";
import { activeFlows, activeVersion, startableOn, triggersOf, versionOf } from "../../lib/definitions/queries";
import { readDefinition } from "../../lib/definitions/read-definition";
import { MAX_VERSIONS } from "../../lib/definitions/schema";
import type { Person } from "../../lib/people/current-person";
import { startRun } from "../../lib/runs/start";
import {
  activated,
  aDraft,
  anApprovalProcess,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow, aScreenFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { anObject, aRecord, commanded, must } from "../builders/records";

const client = connect(1);
let author: Person;
let made = 0;
/** A name that no other test uses. */
const fresh = (): string => `D${++made}`;
const orchestration = (name: string, flow = "Ask") =>
  anOrchestration([aStage("First", [anInteractiveStep("Step", { flow })])], { name });
const saved = (body: unknown, base?: string | null) =>
  commanded((tx) => saveDraft(tx, author, { body, ...(base === undefined ? {} : { base }) }));
const activating = (name: string, version = 1) => commanded((tx) => activate(tx, author, { name, version }));
const deactivating = (name: string, force = false) => commanded((tx) => deactivate(tx, author, { name, force }));
const code = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? "ok" : result.refusal?.code);

beforeAll(async () => {
  author = await aPerson({ role: "author" });
  await anObject("Thing", {
    Amount: { type: "currency" },
    Status: {
      type: "picklist",
      options: {
        values: [
          { value: "New", label: "New" },
          { value: "Done", label: "Done" },
        ],
      },
    },
  });
  await activated(aScreenFlow("Ask"));
});

describe("drafts", () => {
  test("may be incomplete, but have a kind and a name", async () => {
    expect(code(await saved({ kind: "flow", name: fresh() }))).toBe("ok");
    const refused = await saved({ kind: "poem", name: "two words" });
    expect(refused.ok ? [] : refused.refusal.problems?.map(({ path }) => path)).toEqual(["kind", "name"]);
    expect(code(await saved("text"))).toBe("definition-invalid");
  });
  test("are overwritten until they are activated; then the next save begins a new version", async () => {
    const name = fresh();
    expect(must(await saved(orchestration(name)))).toMatchObject({ version: 1 });
    expect(must(await saved({ ...orchestration(name), label: "Other" }))).toMatchObject({ version: 1 });
    must(await activating(name));
    expect(must(await saved({ ...orchestration(name), label: "Third" }))).toMatchObject({ version: 2 });
    expect((await activeVersion(db(), name))?.body.label).toBe("Other");
  });
  test("somebody who began before another saved is told, and buries nothing", async () => {
    const name = fresh();
    const first = must(await saved(orchestration(name), null));
    must(await saved({ ...orchestration(name), label: "Theirs" }, first.hash));
    expect(code(await saved({ ...orchestration(name), label: "Mine" }, first.hash))).toBe("draft-changed");
  });
  test("have at most a million bytes", async () => {
    expect(code(await saved({ ...orchestration(fresh()), description: "x".repeat(1_000_000) }))).toBe(
      "definition-invalid",
    );
  });
  test("keep what they are once a version was active", async () => {
    const name = fresh();
    await activated(aBackgroundFlow(name));
    expect(code(await saved(aScreenFlow(name)))).toBe("definition-fixed");
    expect(code(await saved(orchestration(name)))).toBe("definition-fixed");
  });
  test("end at 50 versions, with the number", async () => {
    const name = fresh();
    await activated(aBackgroundFlow(name));
    await client`insert into definition_version select definition_id, n, 'inactive', body, hash, trigger_object, one_open_run, is_asynchronous, reads_outside, saved_by, saved_at, activated_at, first_activated_at
      from definition_version v, generate_series(2, ${MAX_VERSIONS}::int) n where definition_id = ${name} and version = 1`;
    const refused = await saved(aBackgroundFlow(name, { label: "One more" }));
    expect(refused.ok ? null : refused.refusal).toMatchObject({
      code: "too-many-versions",
      details: { max: MAX_VERSIONS },
    });
  });
  test("are made by authors and admins alone", async () => {
    const member = await aPerson();
    const results = await Promise.all([
      commanded((tx) => saveDraft(tx, member, { body: orchestration(fresh()) })),
      commanded((tx) => activate(tx, member, { name: "Ask", version: 1 })),
      commanded((tx) => deactivate(tx, member, { name: "Ask", force: true })),
      commanded((tx) => importDefinitions(tx, member, { content: [], activate: true })),
      commanded((tx) => createDefinition(tx, member, { type: "screen", name: fresh(), label: "L" })),
    ]);
    expect(results.map(code)).toEqual(Array(5).fill("not-found"));
  });
  test.each(["orchestrator", "approval", "screen", "autolaunched", "evaluation"] as const)(
    "a new %s begins with a draft that has the right form",
    async (type) => {
      const name = fresh();
      must(
        await commanded((tx) => createDefinition(tx, author, { ...{ key: "of the form" }, type, name, label: "New" })),
      );
      expect((await readDefinition(db(), name, null))?.body?.name).toBe(name);
      expect(code(await commanded((tx) => createDefinition(tx, author, { type, name, label: "Again" })))).toBe(
        "name-taken",
      );
    },
  );
});

describe("activation", () => {
  test("lists every problem at its path and changes nothing", async () => {
    const name = fresh();
    await aDraft({ ...orchestration(name, "Nowhere"), fallbackAssignee: { type: "group", value: "Nobodies" } });
    const refused = await activating(name);
    expect(refused.ok ? null : refused.refusal.problems).toEqual([
      { path: "elements[0].steps[0].flow", message: "there is no flow called Nowhere" },
      { path: "fallbackAssignee.value", message: "there is no group called Nobodies" },
    ]);
    expect(await activeVersion(db(), name)).toBeNull();
  });
  test("settles the content for ever, with every default written out and its hash", async () => {
    const name = fresh();
    const active = await activated(aBackgroundFlow(name));
    expect(active.hash).toMatch(/^[0-9a-f]{64}$/);
    await expect(client`update definition_version set body = '{}' where definition_id = ${name}`).rejects.toThrow(
      /cannot be changed/,
    );
    await expect(client`delete from definition_version where definition_id = ${name}`).rejects.toThrow(
      /cannot be changed/,
    );
    expect(await versionOf(db(), name, 1)).toEqual(active);
  });
  test("of another version takes the place of the first, and back", async () => {
    const name = fresh();
    await activated(aBackgroundFlow(name), aBackgroundFlow(name, { label: "Second" }));
    expect((await activeVersion(db(), name))?.version).toBe(2);
    must(await activating(name, 1));
    expect((await activeVersion(db(), name))?.body.label).toBe(name);
    expect(
      await client`select version from definition_version where definition_id = ${name} and status = 'active'`,
    ).toHaveLength(1);
    expect((await versionOf(db(), name, 2))?.body.label).toBe("Second");
  });
  test("is written into the security audit", async () => {
    const name = fresh();
    await activated(aBackgroundFlow(name));
    const rows = await client<
      { action: string }[]
    >`select action from security_event where object_id = ${name} order by at, event_id`;
    expect(rows.map(({ action }) => action)).toEqual(["definition-save", "definition-activate"]);
  });
  test("that is rolled back leaves nothing in memory", async () => {
    const name = fresh();
    await aDraft(aBackgroundFlow(name, { label: "Never" }));
    await commanded(async (tx) => {
      must(await activate(tx, author, { name, version: 1 }));
      expect((await activeVersion(tx.db, name))?.body.label).toBe("Never");
      return { ok: false, refusal: { code: "no" } };
    });
    expect(await activeVersion(db(), name)).toBeNull();
    await activated(aBackgroundFlow(name, { label: "Now" }));
    expect((await versionOf(db(), name, 1))?.body.label).toBe("Now");
  });
});

describe("what runs ask", () => {
  test("flows that are active, with whether they run later", async () => {
    const [slow, asleep] = [fresh(), fresh()];
    const mail = {
      type: "action",
      name: "Send",
      label: "Send",
      action: "send_email",
      inputs: { to: { literal: "a@b.example" }, subject: { literal: "Hi" }, body: { literal: "Ho" } },
      next: null,
    };
    await activated(aBackgroundFlow(slow, { start: "Send", elements: [mail] }));
    await aDraft(aBackgroundFlow(asleep));
    expect(await activeFlows(db(), [slow, "Ask", asleep, "Unknown"])).toEqual({
      [slow]: { version: 1, isAsynchronous: true, label: slow, outside: null },
      Ask: { version: 1, isAsynchronous: false, label: "Ask", outside: null },
    });
  });
  test("what an object's records start and offer", async () => {
    await anObject("Crate", {});
    const [triggered, offered, approval, elsewhere] = [fresh(), fresh(), fresh(), fresh()];
    await activated(
      anOrchestration(undefined, {
        name: triggered,
        start: { type: "record_triggered", object: "Crate", on: "create", next: "First" },
      }),
      anOrchestration(undefined, { name: offered, start: { type: "autolaunched", object: "Crate", next: "First" } }),
      anApprovalProcess(undefined, { name: approval, start: { type: "autolaunched", object: "Crate", next: "First" } }),
      orchestration(elsewhere),
    );
    expect((await triggersOf(db(), "Crate")).map(({ definitionId }) => definitionId)).toEqual([triggered]);
    const startable = await startableOn(db(), "Crate");
    expect([
      startable.orchestrations.map(({ definitionId }) => definitionId),
      startable.approvals.map(({ definitionId }) => definitionId),
    ]).toEqual([[offered], [approval]]);
    must(await deactivating(triggered));
    expect(await triggersOf(db(), "Crate")).toEqual([]);
  });
});

describe("deactivation", () => {
  test("of a flow that an active orchestration names is refused with the list, whatever it is called from", async () => {
    const [flow, judge, caller] = [fresh(), fresh(), fresh()];
    await activated(
      aScreenFlow(flow),
      anEvaluationFlow(judge),
      anOrchestration(
        [aStage("First", [anInteractiveStep("Step", { flow })], { exit: { type: "evaluation_flow", flow: judge } })],
        { name: caller },
      ),
    );
    for (const name of [flow, judge]) {
      const refused = await deactivating(name);
      expect(refused.ok ? null : refused.refusal).toMatchObject({
        code: "flow-in-use",
        details: { count: 1 },
        problems: [{ path: caller, message: "Process, version 1: active" }],
      });
    }
    must(await deactivating(flow, true));
    expect(await activeVersion(db(), flow)).toBeNull();
  });
  test("of a flow that only an open run may still come to is refused too", async () => {
    const [flow, caller] = [fresh(), fresh()];
    await activated(aScreenFlow(flow), orchestration(caller, flow));
    const owner = await aPerson();
    const record = await aRecord("Thing", { Owner: owner.userId });
    must(
      await runCommand({ kind: "run.start", actorId: owner.userId }, (tx) =>
        startRun(tx, owner, { definitionId: caller, recordId: record, inputs: {} }),
      ),
    );
    must(await deactivating(caller));
    const refused = await deactivating(flow);
    expect(refused.ok ? null : refused.refusal.problems).toEqual([
      { path: caller, message: "Process, version 1: 1 open run" },
    ]);
  });
  test("of what is not active is refused", async () => {
    const name = fresh();
    await aDraft(aBackgroundFlow(name));
    expect([code(await deactivating(name)), code(await deactivating("Unknown"))]).toEqual(["not-active", "not-found"]);
  });
  test("and the activation of a caller do not slip past each other", async () => {
    const [flow, caller] = [fresh(), fresh()];
    await activated(aScreenFlow(flow));
    await aDraft(orchestration(caller, flow));
    const [activation, deactivation] = await Promise.all([activating(caller), deactivating(flow)]);
    expect([code(activation), code(deactivation)]).toSatisfy(
      ([a, d]: string[]) => (a === "ok" && d === "flow-in-use") || (a === "definition-invalid" && d === "ok"),
    );
  });
});

describe("bundles", () => {
  const importing = (content: unknown, isActive = true) =>
    commanded((tx) => importDefinitions(tx, author, { content, activate: isActive }));
  test("are taken whole, flows before what calls them", async () => {
    const [flow, caller] = [fresh(), fresh()];
    expect(must(await importing([orchestration(caller, flow), aScreenFlow(flow)]))).toMatchObject({
      saved: [{ name: caller }, { name: flow }],
      activated: true,
    });
    expect((await activeVersion(db(), caller))?.version).toBe(1);
  });
  test("or not at all, with the place in the bundle", async () => {
    const [flow, caller] = [fresh(), fresh()];
    const refused = await importing([aScreenFlow(flow), orchestration(caller, "Nowhere")]);
    expect(refused.ok ? null : refused.refusal.problems).toEqual([
      { path: "[1].elements[0].steps[0].flow", message: "there is no flow called Nowhere" },
    ]);
    expect(await client`select 1 from definition where definition_id in (${flow}, ${caller})`).toHaveLength(0);
  });
  test("do not hold one name twice, nor nothing, nor more than 100", async () => {
    const flow = fresh();
    expect([
      code(await importing([aScreenFlow(flow), aScreenFlow(flow)])),
      code(await importing([])),
      code(await importing(Array(101).fill(aScreenFlow(flow)))),
    ]).toEqual(["definition-invalid", "bundle-size", "bundle-size"]);
  });
  test("bury no draft of somebody else, and say whose and after which version", async () => {
    const name = fresh();
    must(await importing([aScreenFlow(name)]));
    const other = await aPerson({ name: "Olga Other", role: "author" });
    await aDraft(aScreenFlow(name, { label: "Half done" }), other);
    const flow = aScreenFlow(name, { label: "From a file" });
    const refused = await importing([aScreenFlow(fresh()), flow]);
    expect(refused).toMatchObject({
      refusal: {
        code: "draft-of-other",
        details: { name, by: "Olga Other", version: 2, base: 1 },
        problems: [
          {
            path: "[1].name",
            message: expect.stringMatching(/draft of Olga Other, version 2.*version 1 as its newest/),
          },
        ],
      },
    });
    const [kept] =
      await client`select body->>'label' as label from definition_version where definition_id = ${name} and version = 2`;
    expect(kept?.label).toBe("Half done");
    must(await importing(aScreenFlow(name, { label: "Half done" }), false));
    await aDraft(flow, other);
    must(await commanded((tx) => activate(tx, other, { name, version: 2 })));
    expect(must(await importing(aScreenFlow(name, { label: "Later" }))).saved).toMatchObject([{ version: 3 }]);
    must(await importing(aScreenFlow(name, { label: "My own draft" }), false));
    expect(must(await importing(aScreenFlow(name, { label: "My own again" }), false)).saved).toMatchObject([
      { version: 4 },
    ]);
  });
  test("go out as they come in", async () => {
    const [flow, caller] = [fresh(), fresh()];
    must(await importing([aScreenFlow(flow), orchestration(caller, flow)]));
    const text = await exportDefinition(db(), caller, 1);
    const again = JSON.parse(text ?? "") as { name: string }[];
    expect(again.map(({ name }) => name)).toEqual([flow, caller]);
    expect(must(await importing(again)).saved.map(({ version }) => version)).toEqual([1, 1]);
    must(await importing(again.map((body) => ({ ...body, label: "Changed" }))));
    expect((await activeVersion(db(), caller))?.version).toBe(2);
  });
});

test("the list pages by label, filters and searches", async () => {
  for (let index = 0; index < 60; index++)
    await aDraft(aBackgroundFlow(`Many${index}`, { label: `Many ${String(index).padStart(2, "0")}%` }));
  const first = await listDefinitions(db(), { search: "many", view: "flows", status: "draft" });
  const second = await listDefinitions(db(), {
    search: "many",
    view: "flows",
    status: "draft",
    cursor: first.next ?? "",
  });
  expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 10, null]);
  expect([...first.rows, ...second.rows].map(({ label }) => label)).toEqual(
    Array.from({ length: 60 }, (_, index) => `Many ${String(index).padStart(2, "0")}%`),
  );
  expect((await listDefinitions(db(), { search: "07%" })).rows.map(({ name }) => name)).toEqual(["Many7"]);
  expect((await listDefinitions(db(), { search: "\0many 07%" })).rows.map(({ name }) => name)).toEqual(["Many7"]);
  expect((await listDefinitions(db(), { search: "many", view: "approvals" })).rows).toEqual([]);
});
