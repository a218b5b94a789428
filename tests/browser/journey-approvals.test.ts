import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { decide, makeRecord, openRequest, requestApproval, traceOn } from "./support/approvals";
import { startPortal } from "./support/portal";

const portal = startPortal();

/** How the newest submission of a record ended, and what became of the record. */
async function outcomeOf(name: string): Promise<unknown> {
  const [row] = await portal.sql()`
    select s.status, r.data->>'Status' as record from submission s join record r using (record_id)
    where r.name = ${name} order by s.submitted_at desc limit 1`;
  return row;
}

/** Waits until the record's page shows what became of the request, in its newest submission. */
const ended = (page: Page, status: string) => traceOn(page).getByRole("button").first().getByText(status).waitFor();

test("an expense above the amount goes to the manager, then to finance, and both are on the record", async () => {
  const luca = await portal.as("luca");
  await makeRecord(luca, "Expense", {
    typed: { "What for": "Hotel in Oslo", Amount: "2400", Reason: "Three nights at the fair." },
    chosen: { Category: "Travel" },
  });
  const chain = await requestApproval(luca, "The cheaper one was full.");
  expect(chain.filter((line) => ["Elena Petrova", "Finance"].includes(line))).toEqual(["Elena Petrova", "Finance"]);
  expect(chain.slice(-2).map((line) => line.trim())).toEqual(["Then it ends", "Approved"]);

  const elena = await portal.as("elena");
  await openRequest(elena, "Approve the expense", "Hotel in Oslo");
  await elena.getByText("2,400.00 EUR").first().waitFor();
  await elena.getByRole("tabpanel", { name: "Decision" }).getByText("The cheaper one was full.").waitFor();
  await elena.getByText("Travel in second class", { exact: false }).waitFor();
  await elena.getByRole("button", { name: "Approve", exact: true }).focus();
  await elena.getByText("Next: Finance (Check the expense).", { exact: false }).waitFor();
  await decide(elena, "Approve", { said: "Approved", comments: "Three good leads." });

  const hannah = await portal.as("hannah");
  await openRequest(hannah, "Check the expense", "Hotel in Oslo");
  await decide(hannah, "Approve", { said: "Approved" });

  await ended(luca, "Approved");
  const trace = traceOn(luca);
  await trace.getByText("Elena Petrova: Approve").waitFor();
  await trace.getByText("Three good leads.").waitFor();
  await trace.getByText("Finance: Approve by Hannah Berg").waitFor();
  expect(await outcomeOf("Hotel in Oslo")).toEqual({ status: "approved", record: "Approved" });
  await luca.reload();
  await trace.getByText("Finance: Approve by Hannah Berg").waitFor();
  expect(await luca.getByRole("button", { name: "Request approval" }).count()).toBe(0);
  await luca.goto("/approvals?view=requested");
  await luca
    .getByRole("option", { name: /Hotel in Oslo/ })
    .getByText("Approved")
    .waitFor();
});

const quote = (name: string, discount: string, terms: string) => ({
  typed: { Quote: name, Amount: "52000", Discount: discount },
  chosen: { "Payment terms": terms },
});

test("a quote's discount and its payment terms are decided side by side, and the director's level follows", async () => {
  const luca = await portal.as("luca");
  await makeRecord(luca, "Quote", quote("Q-2001 Fjordkraft", "24", "60 days"));
  const chain = await requestApproval(luca, "Their whole north.");
  const who = ["Elena Petrova", "Finance", "Nora Lindqvist"];
  expect(chain.filter((line) => who.includes(line))).toEqual(who);

  const [elena, yusuf, nora] = [await portal.as("elena"), await portal.as("yusuf"), await portal.as("nora")];
  await openRequest(yusuf, "Approve the payment terms", "Q-2001");
  await decide(yusuf, "Approve", { said: "Approved", comments: "They pay on time." });
  await openRequest(elena, "Approve the discount", "Q-2001");
  await decide(elena, "Approve", { said: "Approved" });
  await openRequest(nora, "Approve the large discount", "Q-2001");
  await decide(nora, "Approve", { said: "Approved", comments: "Worth it." });
  await ended(luca, "Approved");
  expect(await outcomeOf("Q-2001 Fjordkraft")).toEqual({ status: "approved", record: "Released" });
});

test("a rejection needs its reason, withdraws what is asked beside it, and goes down the path for it", async () => {
  const luca = await portal.as("luca");
  await makeRecord(luca, "Quote", quote("Q-2002 Restposten", "30", "90 days"));
  await requestApproval(luca, "");
  const yusuf = await portal.as("yusuf");
  await openRequest(yusuf, "Approve the payment terms", "Q-2002");
  await yusuf.getByRole("button", { name: "Reject", exact: true }).click();
  await yusuf.getByText("Say why you reject", { exact: false }).waitFor();
  await decide(yusuf, "Reject", { said: "Rejected", comments: "Ninety days is a loan." });
  await ended(luca, "Rejected");
  const trace = traceOn(luca);
  await trace.getByText("Ninety days is a loan.").waitFor();
  await trace.getByText("Elena Petrova: ", { exact: false }).waitFor();
  expect(await outcomeOf("Q-2002 Restposten")).toEqual({ status: "rejected", record: "Turned down" });
  const elena = await portal.as("elena");
  await elena.goto("/approvals");
  await elena.getByRole("option", { name: /Q-1044/ }).waitFor();
  expect(await elena.getByRole("option", { name: /Q-2002/ }).count()).toBe(0);
});

test("a contract is sent back by one of Legal, submitted again with what changed, agreed by all and signed", async () => {
  const mei = await portal.as("mei");
  const address = await makeRecord(mei, "Contract", {
    typed: { Contract: "Cloud frame", Party: "Rackworks", Value: "60000" },
    chosen: { Liability: "Unlimited" },
  });
  const chain = (await requestApproval(mei, "The usual one.")).join(" ");
  expect(chain).toMatch(/Legal .*Everybody must approve\. Nora Lindqvist/);

  const ruth = await portal.as("ruth");
  await openRequest(ruth, "Review the contract", "Cloud frame");
  await ruth.getByText("Everybody must approve: 0 of 3 needed have approved, 3 still to vote.").waitFor();
  await ruth.getByRole("button", { name: "Send back" }).click();
  await ruth.getByText("Say what is to be done", { exact: false }).waitFor();
  await decide(ruth, "Send back", { said: "Send back", comments: "Limit the liability." });

  await mei.goto("/work");
  await mei.getByRole("option", { name: /Review the contract.*Cloud frame/ }).click();
  await mei.getByRole("tabpanel", { name: "Revision" }).getByText("Limit the liability.").waitFor();
  await mei.getByText("Here because Ruth Adler sent it back.").waitFor();
  await mei.goto(`${address}/edit`);
  await mei.getByRole("combobox", { name: "Liability" }).click();
  await mei.getByRole("option", { name: "Limited", exact: true }).click();
  await mei.getByRole("button", { name: "Save" }).click();
  await mei.getByRole("heading", { level: 2, name: "Work Guide" }).waitFor();
  await mei.getByRole("button", { name: /Review the contract/ }).click();
  await mei.getByRole("textbox", { name: "What you changed" }).fill("Limited now, they agreed.");
  await mei.getByRole("button", { name: "Submit again" }).click();
  await mei.getByText("Submitted again.", { exact: false }).first().waitFor();

  for (const username of ["ruth", "hannah", "carla"]) {
    const page = await portal.as(username);
    await openRequest(page, "Review the contract", "Cloud frame");
    const changes = page.getByRole("table", { name: "Changed since Ruth Adler said “Send back”" });
    await changes.getByRole("row", { name: "Liability Unlimited Limited" }).waitFor();
    await decide(page, "Approve", { said: "Approved" });
  }
  const nora = await portal.as("nora");
  await openRequest(nora, "Sign the contract", "Cloud frame");
  await decide(nora, "Approve", { said: "Approved", comments: "Signed today." });
  await ended(mei, "Approved");
  const trace = traceOn(mei);
  await trace.getByText("Limited now, they agreed.").waitFor();
  expect(await trace.getByText("Limit the liability.").count()).toBeGreaterThan(0);
  expect(await outcomeOf("Cloud frame")).toEqual({ status: "approved", record: "Signed" });
});

test("a leave is asked for, decided by the manager and booked", async () => {
  const tomas = await portal.as("tomas");
  await makeRecord(tomas, "Leave_Request", {
    typed: { Leave: "Carnival", "First day": "8 Feb 2027", "Last day": "10 Feb 2027", Days: "3" },
  });
  expect(await requestApproval(tomas, "As every year.")).toContain("Ruth Adler");
  const ruth = await portal.as("ruth");
  await openRequest(ruth, "Approve the leave", "Carnival");
  await ruth.getByText("At least one of a team stays", { exact: false }).waitFor();
  await decide(ruth, "Approve", { said: "Approved", comments: "Enjoy it." });
  await ended(tomas, "Approved");
  await traceOn(tomas).getByText("Enjoy it.").waitFor();
  expect(await outcomeOf("Carnival")).toEqual({ status: "approved", record: "Booked" });
  expect(await portal.mailTo("tomas", /Carnival/)).toContain("Approved");
});
