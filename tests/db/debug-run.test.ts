import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { definitionVersion, outbox, run } from "../../db/schema";
import { activate } from "../../lib/definitions/commands/activate";
import { saveDraft } from "../../lib/definitions/commands/save-draft";
import type { Person } from "../../lib/people/current-person";
import { cancelRun } from "../../lib/runs/commands";
import { debugRun } from "../../lib/runs/debug-run";
import { runPage } from "../../lib/runs/queries/run-page";
import type { DebugRunInput, DebugTrace } from "../../lib/runs/schema/debug";
import { startRun } from "../../lib/runs/start";
import { anOperation } from "../builders/connections";
import {
  aBackgroundStep,
  activated,
  aDraft,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, finished, stateNow, theItem } from "../builders/runs";

let ann: Person;
let author: Person;
let admin: Person;

beforeAll(async () => {
  ({ ann, admin } = await aTeamWithThings());
  author = await aPerson({ name: "Otis Author", role: "author" });
  await activated(changing, outer);
});

/** Writes the record that it is given, then sends a mail: asynchronous. */
const changing = aBackgroundFlow("Change_It", {
  label: "Change it",
  variables: [
    { name: "recordId", type: "text", isInput: true },
    { name: "result", type: "text", isOutput: true, default: "changed" },
  ],
  start: "Change",
  elements: [
    {
      ...{ type: "update_records", name: "Change", label: "Change the status", object: "Thing" },
      ...{ record: "recordId", values: { Status: { literal: "Changed" } }, next: "Tell" },
    },
    {
      ...{ type: "action", name: "Tell", label: "Tell Ann", action: "send_email", next: null },
      inputs: { to: { literal: "ann@example.org" }, subject: { literal: "It is changed" }, body: { literal: "Look." } },
    },
  ],
});
const outer = aBackgroundFlow("Outer", {
  label: "Outer",
  variables: [
    { name: "recordId", type: "text", isInput: true },
    { name: "result", type: "text", isOutput: true },
  ],
  start: "Call",
  elements: [
    {
      ...{ type: "subflow", name: "Call", label: "Call the inner", flow: "Change_It", next: null },
      inputs: { recordId: { ref: "recordId" } },
      outputs: { result: "result" },
    },
  ],
});

const given = { inputs: { recordId: { ref: "$Record.Id" } } };
const isReady = {
  type: "requirements",
  condition: {
    logic: "all",
    requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Changed" } }],
  },
};
const process = (name: string, more: object = {}) =>
  anOrchestration(
    [
      aStage("Work", [aBackgroundStep("Auto", { flow: "Outer", ...given })], { next: "Ask" }),
      aStage("Ask", [anInteractiveStep("Fill", { entry: isReady }), anInteractiveStep("Other")], { next: "Last" }),
      aStage("Last", [aBackgroundStep("End")]),
    ],
    { name, label: name, ...more },
  );

const play = (person: Person, input: Partial<DebugRunInput> & { definitionId: string }, key?: string) =>
  debugRun(person, {
    input: { version: 1, recordId: null, inputs: {}, startStage: null, mocks: {}, keep: false, ...input },
    ...(key ? { key } : {}),
  });
const traced = async (person: Person, input: Parameters<typeof play>[1]): Promise<DebugTrace> => {
  const done = must(await play(person, input));
  if (!("trace" in done)) throw new Error("the run was kept");
  return done.trace;
};
const kept = async (person: Person, input: Parameters<typeof play>[1]): Promise<string> => {
  const done = must(await play(person, { ...input, keep: true }));
  if (!("runId" in done)) throw new Error("the run was not kept");
  return done.runId;
};

/** Every row of every table, by table, but what the schema itself is. */
async function everything(): Promise<Record<string, string>> {
  const tables = await db().execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await db().execute<{ digest: string }>(
      sql`select coalesce(md5(string_agg(t::text, ',' order by t::text)), '') as digest from ${sql.identifier(name)} t`,
    );
    found[name] = row?.digest ?? "";
  }
  return found;
}

describe("a debug run that is rolled back", () => {
  test("plays asynchronous flows, flows that they call and mocked steps to the end, and changes no row of the database", async () => {
    const draft = await aDraft(process("Rolled"), author);
    const recordId = await aRecord("Thing", { Status: "New", Name: "Pump 7" }, author);
    const before = await everything();
    const trace = await traced(author, {
      definitionId: draft.name,
      recordId,
      mocks: { Fill: { comment: "mocked" }, Other: {} },
    });
    expect(await everything()).toEqual(before);
    expect(trace.page.run).toMatchObject({ status: "completed", isDebug: true, playedByName: "Otis Author" });
    expect(trace.stops).toEqual([]);
    expect(trace.page.stages[1]?.steps[0]?.run).toMatchObject({ status: "completed", outputs: { comment: "mocked" } });
    expect(trace.flows).toMatchObject([
      {
        of: "Auto",
        flow: "Outer",
        status: "finished",
        values: expect.arrayContaining([{ name: "result", value: "changed" }]),
        passed: [
          { flow: null, element: "Call the inner", type: "subflow" },
          { flow: "Change it", element: "Change the status", type: "update_records" },
          { flow: "Change it", element: "Tell Ann", type: "action" },
        ],
      },
      // A synchronous flow too, of which nothing else stays than what its step has.
      { of: "End", flow: "Do", status: "finished", passed: [{ element: expect.any(String) }] },
    ]);
    expect(trace.records).toEqual([
      {
        seq: 1,
        object: "Thing",
        id: recordId,
        name: "Pump 7",
        change: "changed",
        fields: [{ name: "Status", before: "New", after: "Changed" }],
      },
    ]);
    expect(trace.mails).toEqual([{ to: "ann@example.org", subject: "It is changed" }]);
    const entry = trace.page.events.find(({ proof, subject }) => proof !== null && subject === "Fill")?.proof;
    expect(entry).toMatchObject({ met: true, requirements: [{ left: "$Record.Status", leftValue: "Changed" }] });
    const [version] = await db().select().from(definitionVersion).where(eq(definitionVersion.definitionId, draft.name));
    expect(version?.triedAt).toBeNull();
  });

  test("stops where a person or another system would have to act, and says so", async () => {
    await anOperation("https://api.example.com", { name: "Pay_Bill" });
    const draft = await aDraft(
      anOrchestration(
        [
          aStage("S", [
            { kind: "external", name: "Pay", label: "Pay", operation: "Pay_Bill" },
            anInteractiveStep("Fill"),
          ]),
        ],
        { name: "Stopping" },
      ),
      author,
    );
    const recordId = await aRecord("Thing", {}, author);
    const trace = await traced(author, { definitionId: draft.name, recordId });
    expect(trace.page.run.status).toBe("in_progress");
    expect(trace.stops).toEqual([
      "“Pay” calls another system, which a run that is rolled back does not. Mock it to see what comes after it.",
      "“Fill” waits for a person. Mock it to see what comes after it.",
    ]);
    expect(trace.page.control).toMatchObject({ mayCancel: false, goTo: null, steps: [] });
  });

  test("begins at the stage that was chosen, and tells the error of a flow that fails", async () => {
    const draft = await aDraft(process("Middle"), author);
    const recordId = await aRecord("Thing", { Status: "Changed" }, author);
    const late = await traced(author, { definitionId: draft.name, recordId, startStage: "Last" });
    expect(late.page.stages.map(({ round }) => round)).toEqual([0, 0, 1]);
    expect(late.page.run.status).toBe("completed");
    expect(await play(author, { definitionId: draft.name, recordId, startStage: "Nowhere" })).toMatchObject({
      refusal: { code: "no-such-stage" },
    });
    expect(await play(author, { definitionId: draft.name, recordId, mocks: { Nobody: {} } })).toMatchObject({
      refusal: { code: "unknown-step" },
    });
  });

  test("played twice with one key is played twice: there was nothing to keep", async () => {
    const draft = await aDraft(process("Twice"), author);
    const recordId = await aRecord("Thing", {}, author);
    for (let time = 0; time < 2; time++)
      expect(await play(author, { definitionId: draft.name, recordId }, "one key of mine")).toMatchObject({ ok: true });
  });
});

describe("a debug run that is kept", () => {
  test("is played to its end by one person, sends no mail, and is flagged", async () => {
    await activated(process("Kept_One", { start: { type: "autolaunched", object: "Thing", next: "Ask" } }));
    const recordId = await aRecord("Thing", { Status: "Changed" }, ann);
    const runId = await kept(author, { definitionId: "Kept_One", recordId, mocks: { Other: {} } });
    const item = await theItem(runId);
    expect(item).toMatchObject({ assigneeId: author.userId, label: "Fill" });
    must(await finished(author, item.workItemId));
    expect((await stateNow(runId)).run).toMatchObject({ status: "completed", debug: { playedBy: author.userId } });
    const mails = await db().select().from(outbox).where(eq(outbox.runId, runId));
    expect(mails.map(({ status }) => status)).toEqual(mails.map(() => "skipped"));
    const [row] = await db().select().from(run).where(eq(run.runId, runId));
    expect(row).toMatchObject({ isDebug: true });
    const [page, starters] = [await runPage(db(), author, runId), await runPage(db(), ann, runId)];
    expect(page?.flows).toMatchObject([{ of: "End", flow: "Do", passed: [{ fault: null }] }]);
    expect(starters?.flows ?? []).toEqual([]);
  });

  test("is the one open run of its record (I43) until the one who plays cancels it", async () => {
    const start = { type: "autolaunched", object: "Thing", next: "Ask", oneOpenRun: true };
    await activated(process("Kept_Alone", { start }));
    const recordId = await aRecord("Thing", { Status: "Changed" }, ann);
    const runId = await kept(author, { definitionId: "Kept_Alone", recordId });
    const begin = () => commanded(ann, (tx) => startRun(tx, ann, { definitionId: "Kept_Alone", recordId, inputs: {} }));
    expect(await begin()).toMatchObject({ refusal: { code: "already-running", details: { runId } } });
    must(await commanded(author, (tx) => cancelRun(tx, author, { runId, reason: "seen enough" })));
    expect((await stateNow(runId)).run.status).toBe("canceled");
    must(await begin());
  });

  test("fixes the draft that it plays: the next save begins a new version, and the tried one may still be activated", async () => {
    const definition = process("Tried", { start: { type: "autolaunched", object: "Thing", next: "Ask" } });
    const draft = await aDraft(definition, author);
    const recordId = await aRecord("Thing", { Status: "Changed" }, ann);
    const runId = await kept(author, { definitionId: "Tried", recordId, mocks: { Other: {} } });
    expect(
      await commanded(admin, (tx) => startRun(tx, admin, { definitionId: "Tried", version: 1, recordId, inputs: {} })),
    ).toMatchObject({
      refusal: { code: "not-found" },
    });
    const saved = must(
      await commanded(author, (tx) =>
        saveDraft(tx, author, { body: { ...definition, label: "Other" }, base: null }).then((first) =>
          first.ok ? first : saveDraft(tx, author, { body: { ...definition, label: "Other" } }),
        ),
      ),
    );
    expect(saved.version).toBe(draft.version + 1);
    must(await finished(author, (await theItem(runId)).workItemId));
    expect((await stateNow(runId)).run.status).toBe("completed");
    must(await commanded(author, (tx) => activate(tx, author, { name: "Tried", version: 1 })));
    const [row] = await db().select().from(run).where(eq(run.runId, runId));
    const [version] = await db()
      .select()
      .from(definitionVersion)
      .where(eq(definitionVersion.definitionId, "Tried"))
      .orderBy(definitionVersion.version);
    expect(version).toMatchObject({ version: 1, status: "active", hash: row?.definitionHash });
    await expect(
      db().execute(sql`update definition_version set body = '{}' where definition_id = 'Tried' and version = 1`),
    ).rejects.toThrow();
  });
});

describe("who may play what", () => {
  test("authors and admins; members find nothing", async () => {
    const draft = await aDraft(process("Mine"), author);
    const recordId = await aRecord("Thing", {}, ann);
    for (const keep of [true, false])
      expect(await play(ann, { definitionId: draft.name, recordId, keep })).toMatchObject({
        refusal: { code: "not-found" },
      });
  });

  test("a draft with problems is refused with them, and stays as it was", async () => {
    const draft = await aDraft(
      anOrchestration([aStage("S", [anInteractiveStep("Fill", { flow: "Nothing_Here" })])], { name: "Broken" }),
      author,
    );
    const recordId = await aRecord("Thing", {}, ann);
    for (const keep of [true, false])
      expect(await play(author, { definitionId: draft.name, recordId, keep })).toMatchObject({
        refusal: { code: "definition-invalid", problems: [{ path: "elements[0].steps[0].flow" }] },
      });
  });

  test("nothing is played about a record that they may not read, nor lends somebody's rights without an admin's word (S33)", async () => {
    await anObject("Closed", {}, "none");
    const hidden = await aRecord("Closed", {}, ann);
    const lending = anOrchestration([aStage("S", [aBackgroundStep("Auto", { runAs: { user: admin.username } })])], {
      name: "Lending",
      runAsAllowed: [admin.username],
      start: { type: "autolaunched", object: null, next: "S" },
    });
    const about = anOrchestration([aStage("S", [aBackgroundStep("Auto")])], {
      name: "About_Closed",
      start: { type: "autolaunched", object: "Closed", next: "S" },
    });
    await aDraft(lending, author);
    await aDraft(about, author);
    expect(await play(author, { definitionId: "Lending" })).toMatchObject({ refusal: { code: "run-as-admin" } });
    expect(await play(author, { definitionId: "About_Closed", recordId: hidden })).toMatchObject({
      refusal: { code: "not-found" },
    });
    expect(await play(admin, { definitionId: "About_Closed", recordId: hidden })).toMatchObject({ ok: true });
  });
});
