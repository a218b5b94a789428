import { afterAll, beforeAll, expect, test } from "vitest";
import { deliver } from "../../lib/notify/deliver";
import { openTransport } from "../../lib/notify/open-transport";
import { aBackgroundFlow, aBackgroundStep, activated, anOrchestration, aStage } from "../builders/definitions";
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

test("nobody gets a mail about a failure that a fault path takes up", async () => {
  const definition = anOrchestration(
    [aStage("Pay", [aBackgroundStep("Transfer", { flow: "Break" })], { faultNext: null })],
    { name: "Caught", label: "Caught one" },
  );
  await aRun(definition, team.ann);
  expect(await sentAbout("Caught one")).toEqual([]);
});
