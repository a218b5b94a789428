import { expect, test } from "vitest";
import { PHONE, startPortal, workLinkIn } from "./support/portal";

const portal = startPortal();

test("on a phone one pane is shown at a time, nothing scrolls sideways, and targets are big enough to touch", async () => {
  const page = await portal.as("carla", { size: PHONE });
  await page.goto("/work");
  const row = page.getByRole("option", { name: /Approve the purchase/ });
  await row.tap();
  await page.getByRole("heading", { level: 2, name: "Approve the purchase" }).waitFor();
  expect(await row.isVisible()).toBe(false);
  for (const name of ["Approve", "Reject"]) {
    const box = await page.getByRole("button", { name, exact: true }).boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.height);
  }
  await page.goBack();
  await row.waitFor();
  for (const path of ["/work?view=requests", "/records", "/records/Employee", "/account", "/mailbox"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, path).toBeLessThanOrEqual(PHONE.width);
  }
});

test("on a phone the whole decision is done with the thumb", async () => {
  const page = await portal.as("carla", { size: PHONE });
  await page.goto("/work");
  await page.getByRole("option", { name: /Approve the purchase/ }).tap();
  await page.getByRole("button", { name: "Reject", exact: true }).tap();
  await page.getByText("Say why you reject", { exact: false }).waitFor();
  await page.getByLabel("Comment").fill("Three seats are enough for now.");
  await page.getByRole("button", { name: "Reject", exact: true }).tap();
  await page.getByText("Rejected. Whoever asked is told.").waitFor();
  await page.getByRole("button", { name: "Menu" }).tap();
  await page.getByRole("dialog").getByRole("link", { name: "Done" }).tap();
  await page
    .getByRole("option", { name: /Approve the purchase/ })
    .getByText("Rejected")
    .waitFor();
});

test("on a phone the way leads from the mail's link to the decision on the record's page", async () => {
  const link = workLinkIn(await portal.mailTo("ruth", /Wedding in Brno/));
  const page = await portal.stranger({ size: PHONE });
  await page.goto(link);
  await portal.signIn(page, "ruth");
  await page.getByRole("heading", { level: 2, name: "Approve the leave" }).waitFor();
  await page.getByRole("tabpanel", { name: "Decision" }).getByText("My sister's wedding.").waitFor();
  const approve = page.getByRole("button", { name: "Approve", exact: true });
  const box = await approve.boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  const next = page.getByRole("region", { name: "What happens next" });
  await next.getByRole("button", { name: "With “Reject”" }).tap();
  await next.getByText(/It ends Rejected.*Mail to/).waitFor();
  await next.getByRole("button", { name: "With “Approve”" }).tap();
  await next.getByText(/Runs .*[Bb]ook/).waitFor();
  await page.getByLabel("Comment").fill("All the best to her.");
  await approve.tap();
  await page.getByText("Approved.", { exact: false }).first().waitFor();
  await page.getByRole("region", { name: "Approvals", exact: true }).getByText("All the best to her.").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
});
