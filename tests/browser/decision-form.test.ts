import { expect, test } from "vitest";
import { startPortal } from "./support/portal";

const portal = startPortal();

test("a decision in a form of its author's says what would come of it, and asks for the reason that it needs", async () => {
  const page = await portal.as("yusuf");
  await page.goto("/approvals");
  await page
    .getByRole("option", { name: /Approve the spending/ })
    .first()
    .click();
  await page.getByRole("heading", { level: 2, name: "Approve the spending" }).waitFor();
  const next = page.getByRole("region", { name: "What happens next" });
  await next.getByRole("button", { name: "With “Reject”" }).click();
  await next.getByText("It ends Rejected.", { exact: false }).waitFor();

  await page.getByRole("radio", { name: "Reject" }).check();
  await page.getByRole("button", { name: "Finish" }).click();
  await page.getByText("Say why you reject").first().waitFor();
  await page.getByLabel("Comment").fill("Not this year");
  await page.getByRole("button", { name: "Finish" }).click();
  await expect
    .poll(() => portal.sql()`select outcome from work_item where comments = 'Not this year' and kind = 'approval'`)
    .toMatchObject([{ outcome: "reject" }]);
});
