import type { Page } from "playwright-core";

/** What people do with approvals in the pages, for the tests that follow a request from one to the next. */

/** Chooses an option of a select by its words, typing them where it may be typed in. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  const box = page.getByRole("combobox", { name: label });
  await box.click();
  if (await box.isEditable()) await box.fill(option);
  await page.getByRole("option", { name: option }).click();
}

type Fields = { readonly typed: Readonly<Record<string, string>>; readonly chosen?: Readonly<Record<string, string>> };

/** Makes a record by its form, and stays on its page; gives its address. */
export async function makeRecord(page: Page, object: string, { typed, chosen = {} }: Fields): Promise<string> {
  await page.goto(`/records/${object}/new`);
  const form = page.getByRole("form");
  for (const [label, text] of Object.entries(typed)) {
    await form.getByLabel(label).fill(text);
    await page.keyboard.press("Tab");
  }
  for (const [label, option] of Object.entries(chosen)) await choose(page, label, option);
  await form.getByRole("button", { name: /^Create / }).click();
  await page.waitForURL((url) => url.pathname.includes("/rec_"));
  await page.getByRole("heading", { level: 2, name: "Work Guide" }).waitFor();
  return page.url();
}

/** Asks for approval of the record whose page is open, once the chain is shown; gives the chain's lines, a paragraph for each who decides. */
export async function requestApproval(page: Page, comments: string): Promise<string[]> {
  await page.getByRole("button", { name: "Request approval" }).click();
  const dialog = page.getByRole("dialog", { name: "Request approval" });
  const chain = dialog.getByRole("region", { name: "Who decides, if everybody approves" });
  await chain.getByText("Then it ends").waitFor();
  const lines = (await chain.innerText()).split("\n").filter((line) => line.trim() !== "");
  await dialog.getByLabel("Comments").fill(comments);
  await dialog.getByRole("button", { name: "Request approval" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Approval is under way").waitFor();
  return lines;
}

/** Opens what waits in My approvals. */
export async function openRequest(page: Page, step: string, record: string, view = "decide"): Promise<void> {
  await page.goto(`/approvals?view=${view}`);
  await page.getByRole("option", { name: new RegExp(`${step}.*${record}`) }).click();
  await page.getByRole("heading", { level: 2, name: step }).waitFor();
}

/** Decides what is open, and waits until the page says so (`said`: "Approved"). */
export async function decide(page: Page, button: string, { said, comments = "" }: { said: string; comments?: string }) {
  if (comments) await page.getByLabel("Comment").fill(comments);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: `${said}.` })
    .first()
    .waitFor();
}

/** The tree of submissions on the record's page. */
export const traceOn = (page: Page) => page.getByRole("region", { name: "Approvals", exact: true });
