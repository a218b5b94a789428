import { expect, test } from "vitest";
import { json, startTarget } from "../support/http-target";
import { startPortal } from "./support/portal";
import { violations } from "./support/violations";

const portal = startPortal();
const SECRET = "canary-of-the-orders-system";

test("an admin allows a host, keeps its credential, describes an operation and tries it for real", async () => {
  const target = await startTarget();
  const page = await portal.as("omar");
  await page.goto("/admin/connections");
  await page.getByLabel("Allow a host").fill(`${target.origin}/x`);
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await page.getByText(`must be written as ${target.origin}`).waitFor();
  await page.getByLabel("Allow a host").fill(target.origin);
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await page.getByText("Private network").waitFor();

  await page.getByRole("button", { name: "New credential" }).click();
  await page.getByLabel("Label").fill("Orders token");
  await page.getByLabel("Server").fill(target.origin);
  await page.getByLabel("Token", { exact: true }).fill(SECRET);
  await page.getByRole("button", { name: "Keep the credential" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "New connection" }).click();
  await page.getByLabel("Label").fill("Orders");
  await page.getByLabel("Address").fill(`${target.origin}/v1`);
  await page.getByRole("dialog").getByLabel("Credential").first().click();
  await page.getByRole("option", { name: /Orders token/ }).click();
  await page.getByRole("button", { name: "Save the connection" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "New operation" }).click();
  await page.getByRole("dialog").getByLabel("Label").fill("Read an order");
  await page.getByRole("button", { name: "Make the operation" }).click();
  await page.getByRole("heading", { level: 1, name: "Read an order" }).waitFor();
  await page.getByLabel("Path").fill("/orders/{number}");
  await page.getByRole("button", { name: "Save the operation" }).click();
  await page.getByText("{number} is no input").first().waitFor();
  const form = page.getByRole("form", { name: "Operation" });
  const number = { type: "object", properties: { number: { type: "integer" } }, required: ["number"] };
  await form.getByLabel("Inputs").fill(JSON.stringify(number));
  await form.getByLabel("Answer", { exact: true }).fill(JSON.stringify(number));
  await page.getByRole("button", { name: "Save the operation" }).click();
  await page.getByText("Read an order is saved.").waitFor();

  target.answer(({ headers }, response) =>
    json({ number: 7, echo: headers.authorization, html: "<b>" })({} as never, response),
  );
  const trial = page.getByRole("form", { name: "Try it" });
  await trial.getByLabel("Inputs").fill('{ "number": 7 }');
  await trial.getByRole("button", { name: "Try it" }).click();
  await trial.getByRole("region", { name: "Outputs of the step" }).getByText('"number": 7').waitFor();
  expect(target.seen[0]).toMatchObject({ url: "/v1/orders/7", headers: { authorization: `Bearer ${SECRET}` } });
  expect(await trial.getByRole("region", { name: "What was answered" }).innerText()).toContain(
    '"echo":"Bearer •••","html":"<b>"',
  );
  expect(await violations(page)).toEqual([]);
  for (const path of ["/admin/connections", "/admin/connections/ReadAnOrder"]) {
    const shown = await page.request.get(path);
    expect([shown.status(), (await shown.text()).includes(SECRET)]).toEqual([200, false]);
  }

  await page.goto("/admin/connections");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: `Remove ${target.origin}` }).click();
  await page.getByRole("button", { name: "Remove the host" }).click();
  await page.getByText("None, so no operation can be called.").waitFor();
  target.answer(json({}));
  await page.getByRole("link", { name: "Read an order" }).click();
  await trial.getByLabel("Inputs").fill('{ "number": 7 }');
  await trial.getByRole("button", { name: "Try it" }).click();
  await trial.getByText(/is not among the allowed hosts/).waitFor();
  expect(target.connections()).toBe(0);
});
