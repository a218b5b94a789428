import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { aPdf } from "../builders/files";
import { DESKTOP, PHONE, startPortal } from "./support/portal";
import { violations } from "./support/violations";

const portal = startPortal();
const PDF = { name: "Menu and guests.pdf", mimeType: "application/pdf", buffer: aPdf("Menu and guests") };
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const idOf = async (name: string) =>
  (
    await portal.sql()<
      { id: string; object: string }[]
    >`select record_id as id, object_name as object from record where name = ${name}`
  )[0];
async function openRecord(page: Page, name: string): Promise<string> {
  const record = await idOf(name);
  await page.goto(`/records/${record?.object}/${record?.id}`);
  await page.getByRole("heading", { name: "Attachments" }).waitFor();
  return record?.id ?? "";
}
const section = (page: Page) => page.getByRole("region", { name: "Attachments" });
const choose = async (page: Page, ...files: (typeof PDF)[]) => {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await chooser).setFiles(files);
};

test("a file is attached, seen by whoever decides, sealed with the decision, and then removed", async () => {
  const david = await portal.as("david");
  const recordId = await openRecord(david, "Catering");
  await choose(david, PDF);
  await section(david).getByRole("link", { name: PDF.name }).waitFor();
  await section(david).getByText("David", { exact: false }).first().waitFor();

  const elena = await portal.as("elena");
  await elena.goto("/approvals?view=delegated");
  const [item] = await portal.sql()<{ id: string }[]>`
    select work_item_id as id from work_item where record_id = ${recordId} and status = 'assigned'`;
  await elena.goto(`/records/Expense/${recordId}?item=${item?.id}`);
  const guide = elena.getByRole("region", { name: "Work Guide" });
  await guide.getByRole("link", { name: "Receipt Trattoria Nord.pdf" }).waitFor();
  const download = elena.waitForEvent("download");
  await guide.getByRole("link", { name: PDF.name }).click();
  const got = await download;
  expect(got.suggestedFilename()).toBe(PDF.name);
  expect(readFileSync(await got.path())).toEqual(PDF.buffer);
  await guide.getByRole("button", { name: "Approve" }).click();
  await elena.getByText("Approved.", { exact: false }).first().waitFor();
  const [sealed] = await portal.sql()<{ files: { name: string; sha256: string }[] }[]>`
    select seen->'files' as files from sealed_decision where work_item_id = ${item?.id ?? ""}`;
  expect(sealed?.files.map(({ name }) => name)).toEqual(["Receipt Trattoria Nord.pdf", PDF.name]);
  expect(sealed?.files[1]?.sha256).toBe(sha256(PDF.buffer));

  await david.reload();
  await section(david)
    .getByRole("button", { name: `Remove ${PDF.name}` })
    .click();
  await david.getByRole("button", { name: "Remove the attachment" }).click();
  await section(david).getByText("1 was removed").waitFor();
  expect(await section(david).getByRole("link", { name: PDF.name }).count()).toBe(0);
  await david.getByText("Changed since approved by", { exact: false }).waitFor();
  await david.getByRole("cell", { name: `Attachment ${PDF.name}` }).waitFor();
});

test("a file that is not taken says so by name, and the others are attached all the same", async () => {
  const luca = await portal.as("luca");
  await openRecord(luca, "Trade fair in Hanover");
  const page = { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<html>") };
  const posing = { name: "posing.pdf", mimeType: "application/pdf", buffer: Buffer.from("<html>") };
  portal.allowErrors(); // the refusal is a 415
  await choose(luca, page, posing, { ...PDF, name: "Stand.pdf" });
  await section(luca).getByRole("link", { name: "Stand.pdf" }).waitFor();
  await section(luca).getByText("“page.html” is of a kind that is not taken", { exact: false }).waitFor();
  await section(luca).getByText("“posing.pdf” is not what its name says", { exact: false }).waitFor();
  expect(await violations(luca)).toEqual([]);
  await section(luca).getByRole("button", { name: "Put away posing.pdf" }).click();
  expect(await section(luca).getByRole("alert").count()).toBe(1);
});

test("files are dropped on the section", async () => {
  const luca = await portal.as("luca");
  await openRecord(luca, "Train to Turin");
  const transfer = await luca.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "dropped.csv", { type: "text/csv" }));
    return data;
  }, "Date,Amount\n2026-10-12,164\n");
  await section(luca).dispatchEvent("drop", { dataTransfer: transfer });
  await section(luca).getByRole("link", { name: "dropped.csv" }).waitFor();
});

test("who may not edit the record sees what is attached, and no way to change it", async () => {
  const hannah = await portal.as("hannah");
  await openRecord(hannah, "Hosting 2027");
  await section(hannah).getByRole("link", { name: "Hosting 2027.pdf" }).waitFor();
  expect(await section(hannah).getByRole("button").count()).toBe(0);
});

test("an upload that breaks off leaves nothing", async () => {
  const luca = await portal.as("luca");
  const recordId = (await idOf("Train to Turin"))?.id ?? "";
  const count = async () => (await portal.sql()`select count(*)::int as count from attachment`)[0]?.count;
  const before = await count();
  const cookies = await luca.context().cookies();
  const { hostname, port, origin } = new URL(portal.address());
  const head = [
    `POST /api/records/${recordId}/attachments?name=a.pdf&size=${PDF.buffer.length} HTTP/1.1`,
    ...[`host: ${hostname}:${port}`, `origin: ${origin}`, "idempotency-key: breaks-off", "sec-fetch-site: same-origin"],
    `cookie: ${cookies.map(({ name, value }) => `${name}=${value}`).join("; ")}`,
    `content-length: ${PDF.buffer.length}`,
  ];
  const socket = connect(Number(port), hostname);
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  socket.write(PDF.buffer.subarray(0, PDF.buffer.length - 10));
  await luca.waitForTimeout(1_000);
  socket.destroy();
  await luca.waitForTimeout(1_500);
  expect(await count()).toBe(before);
  expect((await luca.context().request.get("/readyz")).status()).toBe(200);
});

describe("S70: what is downloaded", () => {
  test("is sandboxed, of a fixed type, and kept by nobody, also behind the proxy", async () => {
    const hannah = await portal.as("hannah");
    const [file] = await portal.sql()<{ id: string }[]>`
      select attachment_id as id from attachment where name = 'Hosting 2027.pdf'`;
    const answer = await hannah.context().request.get(`/api/attachments/${file?.id}`);
    expect(answer.status()).toBe(200);
    const headers = answer.headers();
    expect(headers["content-type"]).toBe("application/pdf");
    expect(headers["content-security-policy"]).toMatch(/^sandbox; default-src 'none'/);
    expect(headers["content-disposition"]).toMatch(/^attachment; filename="Hosting 2027.pdf"/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["cache-control"]).toBe("private, no-store");
    const stranger = await portal.stranger();
    expect((await stranger.context().request.get(`/api/attachments/${file?.id}`)).status()).toBe(401);
  });
});

test.each([
  ["a desk", DESKTOP],
  ["a phone", PHONE],
])("on %s the section and the decision fit, and axe finds no violation", async (_what, size) => {
  const priya = await portal.as("priya", { size });
  await openRecord(priya, "Hosting 2027");
  await section(priya).getByRole("link", { name: "Hosting 2027.pdf" }).waitFor();
  const found = await violations(priya);
  const ruth = await portal.as("ruth", { size });
  const recordId = (await idOf("Hosting 2027"))?.id ?? "";
  const [item] = await portal.sql()<{ id: string }[]>`
    select work_item_id as id from work_item join "user" u on u.user_id = assignee_id
    where record_id = ${recordId} and status = 'assigned' and u.username = 'ruth'`;
  await ruth.goto(`/records/Contract/${recordId}?item=${item?.id}`);
  await ruth.getByRole("link", { name: "Hosting 2027.pdf" }).first().waitFor();
  found.push(...(await violations(ruth)));
  expect(found).toEqual([]);
  for (const page of [priya, ruth])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
});
