import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import type { Person } from "../../lib/people/current-person";
import { readRecord } from "../../lib/records/queries/read-record";
import { rightsOn } from "../../lib/records/queries/where-visible";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { again, aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aTeamWithThings, finished, started, theItem } from "../builders/runs";

/** An item opens its record to its assignee (A17); so nobody may name one that they may not read themselves. */

let ann: Person;
let otto: Person;
let secret: string;
beforeAll(async () => {
  ({ ann } = await aTeamWithThings());
  otto = await aPerson({ name: "Otto Owns" });
  await anObject("Secret", { Note: { type: "text" } }, "none");
  await anObject(
    "Folder",
    { Note: { type: "text" }, Inside: { type: "lookup", options: { object: "Secret" } } },
    "edit",
  );
  secret = await aRecord("Secret", { Note: "not Ann's" }, otto);
});

async function mayRead(who: Person, id: string): Promise<boolean> {
  const row = await readRecord(db(), id);
  if (!row) throw new Error("there is no such record");
  return (await rightsOn(db(), await again(who), { ...row, othersMay: "none" })).read;
}

const toAnn = () => ({ type: "user", value: { literal: ann.username } });
const autolaunched = { type: "autolaunched", next: "Only" };
const about = [{ name: "about", type: "text", isInput: true }];

describe("a record that comes with the start as a text", () => {
  const process = (name: string) =>
    activated(
      anOrchestration([aStage("Only", [anInteractiveStep("A", { record: "about", assignee: toAnn() })])], {
        name,
        start: autolaunched,
        variables: about,
      }),
    );

  test("is not opened by whoever may not read it: the item stands without it, and says so", async () => {
    const { definitionId } = await process("AboutSecret");
    const { runId } = must(await started(ann, { definitionId, recordId: null, inputs: { about: secret } }));
    expect(await theItem(runId)).toMatchObject({ recordId: null, flag: "record_withheld" });
    expect(await mayRead(ann, secret)).toBe(false);
  });

  test("is opened by whoever may read it, to whom the process gives the work", async () => {
    const own = await aRecord("Secret", { Note: "Otto's own" }, otto);
    const { definitionId } = await process("AboutOwn");
    const { runId } = must(await started(otto, { definitionId, recordId: null, inputs: { about: own } }));
    expect(await theItem(runId)).toMatchObject({ recordId: own, flag: null });
    expect(await mayRead(ann, own)).toBe(true);
  });

  test("is not opened on its way through a flow either", async () => {
    await activated(
      aBackgroundFlow("Echo", {
        elements: [
          {
            type: "assignment",
            name: "Set",
            label: "Set",
            assignments: [{ variable: "result", value: { ref: "recordId" } }],
            next: null,
          },
        ],
      }),
    );
    const steps = [
      aBackgroundStep("Pass", { flow: "Echo", inputs: { recordId: { ref: "about" } } }),
      anInteractiveStep("A", {
        record: "Pass.Outputs.result",
        assignee: toAnn(),
        entry: { type: "step_completed", step: "Pass" },
      }),
    ];
    const { definitionId } = await activated(
      anOrchestration([aStage("Only", steps)], { name: "AboutEcho", start: autolaunched, variables: about }),
    );
    const { runId } = must(await started(ann, { definitionId, recordId: null, inputs: { about: secret } }));
    expect(await theItem(runId)).toMatchObject({ recordId: null, flag: "record_withheld" });
  });
});

describe("a record of the process's own", () => {
  test("is opened: one behind a lookup of the run's record, one that a flow found; a text field is no lookup", async () => {
    const folder = await aRecord("Folder", { Note: secret, Inside: secret }, otto);
    await activated(
      aBackgroundFlow("FindSecret", {
        variables: [
          { name: "found", type: "record", object: "Secret" },
          { name: "result", type: "text", isOutput: true },
        ],
        start: "Get",
        elements: [
          {
            type: "get_records",
            name: "Get",
            label: "Get",
            object: "Secret",
            where: [{ field: "Id", operator: "equals", value: { literal: secret } }],
            into: "found",
            next: "Set",
          },
          {
            type: "assignment",
            name: "Set",
            label: "Set",
            assignments: [{ variable: "result", value: { ref: "found.Id" } }],
            next: null,
          },
        ],
      }),
    );
    const runOf = async (name: string, record: string, before: readonly object[] = []) => {
      const entry = before.length > 0 ? { entry: { type: "step_completed", step: "Find" } } : {};
      const step = anInteractiveStep("A", { record, assignee: toAnn(), ...entry });
      const { definitionId } = await activated(
        anOrchestration([aStage("Only", [...before.map((one) => ({ ...one })), step])], {
          name,
          start: { type: "autolaunched", object: "Folder", next: "Only" },
        }),
      );
      return theItem(must(await started(ann, { definitionId, recordId: folder, inputs: {} })).runId);
    };
    const text = await runOf("InText", "$Record.Note");
    expect(text).toMatchObject({ recordId: folder, flag: "record_withheld" });
    expect(await runOf("InLookup", "$Record.Inside")).toMatchObject({ recordId: secret, flag: null });
    const find = aBackgroundStep("Find", { flow: "FindSecret" });
    expect(await runOf("Found", "Find.Outputs.result", [find])).toMatchObject({ recordId: secret, flag: null });
  });
});

describe("a record that a person's step gave back", () => {
  const runOf = async (name: string, who: Person) => {
    const steps = [
      anInteractiveStep("Choose", { record: "none", assignee: { type: "user", value: { literal: who.username } } }),
      anInteractiveStep("A", {
        record: "Choose.Outputs.comment",
        assignee: toAnn(),
        entry: { type: "step_completed", step: "Choose" },
      }),
    ];
    const { definitionId } = await activated(
      anOrchestration([aStage("Only", steps)], {
        name,
        start: autolaunched,
        variables: [{ name: "none", type: "text" }],
      }),
    );
    return must(await started(otto, { definitionId, recordId: null, inputs: {} })).runId;
  };

  test("is opened when they may read it, and else not, whoever started the run", async () => {
    const own = await aRecord("Secret", { Note: "Otto chooses it" }, otto);
    const byAnn = await runOf("AnnChooses", ann);
    must(await finished(ann, (await theItem(byAnn)).workItemId, { comment: own }));
    expect(await theItem(byAnn)).toMatchObject({ recordId: null, flag: "record_withheld" });
    const byOtto = await runOf("OttoChooses", otto);
    must(await finished(await again(otto), (await theItem(byOtto)).workItemId, { comment: own }));
    expect(await theItem(byOtto)).toMatchObject({ recordId: own, flag: null });
  });
});
