import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_LATELY } from "../../lib/flow/trace";
import { deliver } from "../../lib/notify/deliver";
import { openTransport } from "../../lib/notify/open-transport";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { aRun, aTeamWithThings } from "../builders/runs";
import { aMailServer, type MailServer } from "../support/mail-server";

let server: MailServer;
let team: Awaited<ReturnType<typeof aTeamWithThings>>;

beforeAll(async () => {
  server = await aMailServer();
  team = await aTeamWithThings();
});
afterAll(() => server.close());

const breaking = aBackgroundFlow("Break", {
  label: "Break it",
  variables: [{ name: "theThing", type: "text", default: "rec_none" }],
  start: "Change",
  elements: [
    {
      ...{ type: "update_records", name: "Change", label: "Change the thing", object: "Thing" },
      ...{ record: "theThing", values: { Status: { literal: "x" } }, next: null },
    },
  ],
});

const sentAbout = async (what: string) => {
  const transport = openTransport(server.url);
  while ((await deliver(transport)).taken > 0);
  transport.close();
  return server.taken.filter(({ mail }) => mail.subject?.includes(what));
};

test("the author and each admin get one mail, with the process, record, step, element, message and a link", async () => {
  await activated(breaking);
  const definition = anOrchestration(
    [
      aStage("Pay", [aBackgroundStep("Transfer", { label: "Transfer the money", flow: "Break" })], {
        label: "Payment",
      }),
    ],
    { name: "Paying", label: "Paying out" },
  );
  const { runId } = await aRun(definition, team.ann, { values: { Name: "PO-1182" } });
  const mails = await sentAbout("Run failed: Paying out for PO-1182");
  expect(mails.flatMap(({ recipients }) => recipients)).toContain(team.admin.email);
  expect(new Set(mails.flatMap(({ recipients }) => recipients)).size).toBe(mails.length);
  const builder = mails.find(({ mail }) => mail.text?.includes("Hello Builder,"));
  for (const said of [
    "Paying out",
    "PO-1182",
    "Transfer the money, in Payment",
    "Change the thing of Break it, version 1",
    "there is no such record",
    `/runs/${runId}`,
  ])
    expect(builder?.mail.text).toContain(said);
});

test("of a failure that a fault path catches each gets one mail too, which says that the run went on", async () => {
  await activated(breaking);
  const pay = aStage("Pay", [aBackgroundStep("Transfer", { label: "Transfer the money", flow: "Break" })], {
    ...{ label: "Payment", faultNext: "Repair" },
  });
  const repair = aStage("Repair", [anInteractiveStep("Look")], { label: "Repair it" });
  const { runId } = await aRun(anOrchestration([pay, repair], { name: "Caught", label: "Caught one" }), team.ann);
  const mails = await sentAbout("Caught one");
  const people = mails.flatMap(({ recipients }) => recipients);
  expect(people).toContain(team.admin.email);
  expect(new Set(people).size).toBe(mails.length);
  expect(mails[0]?.mail.subject).toMatch(/^Stage failed, run went on: Caught one/);
  const text = mails[0]?.mail.text?.replaceAll(/\s+/g, " ");
  for (const said of [
    "has followed the fault path of a stage that failed",
    "Transfer the money, in Payment",
    "Change the thing of Break it, version 1",
    `/runs/${runId}`,
  ])
    expect(text).toContain(said);
  expect(text).not.toContain("has stopped");
});

const NOTED = [{ variable: "note", value: { literal: "seen" } }];
const NOTE = { name: "note", type: "text" };
const LOOKED = { type: "assignment", name: "Look", label: "Look at it", assignments: NOTED, next: "Change" };
const [change] = breaking.elements;

test("the mail tells which elements the flow passed before it stopped, those of a flow that it called too", async () => {
  await activated(
    aBackgroundFlow("BreakLate", {
      ...breaking,
      name: "BreakLate",
      variables: [...breaking.variables, NOTE],
      label: "Break late",
      start: "Look",
      elements: [LOOKED, change],
    }),
    aBackgroundFlow("Outer", {
      label: "Outer one",
      variables: [NOTE],
      start: "Prepare",
      elements: [
        { type: "assignment", name: "Prepare", label: "Prepare it", assignments: NOTED, next: "Call" },
        { type: "subflow", name: "Call", label: "Call it", flow: "BreakLate", inputs: {}, outputs: {}, next: null },
      ],
    }),
  );
  const definition = anOrchestration([aStage("Pay", [aBackgroundStep("Transfer", { flow: "Outer" })])], {
    ...{ name: "Nested", label: "Nested one" },
  });
  await aRun(definition, team.ann);
  await work();
  const [mail] = await sentAbout("Nested one");
  expect(mail?.mail.text?.replaceAll(/\s+/g, " ")).toContain(
    "Prepare it → Call it → Look at it (Break late) → Change the thing (Break late)",
  );
});

test("of a condition's flow that fails it tells where too, and no more than the last twenty elements", async () => {
  const noting = (name: string, next: string) => ({
    ...{ type: "assignment", name, label: name, assignments: NOTED, next },
  });
  const never = { requirements: [{ left: "note", operator: "equals", right: { literal: "never" } }] };
  const again = {
    ...{ type: "decision", name: "Again", label: "Again", defaultLabel: "Once more", defaultNext: "One" },
    outcomes: [{ name: "Enough", label: "Enough", when: never, next: null }],
  };
  await activated(
    anEvaluationFlow("Round", {
      label: "Round and round",
      variables: [NOTE, { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false }],
      start: "One",
      elements: [noting("One", "Two"), noting("Two", "Again"), again],
    }),
  );
  const exit = { type: "evaluation_flow", flow: "Round", inputs: {} };
  const definition = anOrchestration([aStage("Pay", [anInteractiveStep("Look")], { exit })], {
    ...{ name: "Judged", label: "Judged one" },
  });
  await aRun(definition, team.ann);
  const [mail] = await sentAbout("Judged one");
  const text = mail?.mail.text?.replaceAll(/\s+/g, " ") ?? "";
  expect(text).toMatch(/(One|Two|Again) of Round and round, version 1/);
  expect(text.match(/(?:One|Two|Again) →/g)).toHaveLength(MAX_LATELY - 1);
});
