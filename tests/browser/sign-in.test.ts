import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { startPortal } from "./support/portal";

const portal = startPortal();

const linkIn = (text: string): string => /https?:\/\/\S+\/sign-in\/link\?\S+/.exec(text)?.[0] ?? "";
const refused = (page: Page) => page.getByText("This link cannot be used").waitFor();
const press = (page: Page) => page.getByRole("button", { name: "Sign in", exact: true }).click();

test("S16, S20-S22: what browsers are told with every page, and what they keep", async () => {
  const page = await portal.stranger();
  const answer = await page.goto("/sign-in?next=/account");
  const headers = answer?.headers() ?? {};
  expect(headers["content-security-policy"]).toMatch(/script-src 'nonce-[^']+' 'strict-dynamic';/);
  expect(headers["cache-control"]).toContain("no-store");
  for (const name of [
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
  ])
    expect([name, headers[name]]).not.toEqual([name, undefined]);
  expect(headers).not.toHaveProperty("x-powered-by");
  await portal.signIn(page, "nora");
  expect(new URL(page.url()).pathname).toBe("/account");
  const cookies = (await page.context().cookies()).filter(({ name }) => name.includes("baton."));
  expect(cookies.map(({ name }) => name)).toContain("__Host-baton.session");
  for (const cookie of cookies)
    expect(cookie).toMatchObject({
      name: expect.stringMatching(/^__Host-/),
      secure: true,
      httpOnly: true,
      sameSite: "Lax",
      path: "/",
    });
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => !key.includes("color-scheme")))).toEqual(
    [],
  );
});

test("what browsers ask for unasked, the portal's icon, is there", async () => {
  const page = await portal.stranger();
  const icon = await page.request.get("/favicon.ico");
  expect([icon.status(), icon.headers()["content-type"]]).toEqual([200, "image/x-icon"]);
});

test("S16: a password that is sent before the page's code has come stays in its field, and out of every address", async () => {
  portal.allowErrors(); // the code never comes
  const page = await portal.stranger();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.route(/\.js(\?|$)/, (way) => way.abort());
  await page.goto("/sign-in");
  await page.getByLabel("Username or e-mail address").fill("nora");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("hers-alone");
  await page.keyboard.press("Enter");
  await press(page);
  // What the browser had sent would have been asked for before the answer to this.
  await page.request.get("/livez");
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(await password.inputValue()).toBe("hers-alone");
  expect([page.url(), ...asked].filter((url) => url.includes("hers-alone"))).toEqual([]);
});

test("S28: the page of what does not exist answers 404, and so does that of what is not for this person", async () => {
  portal.allowErrors(); // browsers log each 404
  const page = await portal.as("tomas");
  for (const path of [
    "/runs/run_none",
    "/records/Employee/rec_none",
    "/records/Nothing",
    "/definitions/Nothing",
    "/runs",
  ]) {
    expect([path, (await page.goto(path))?.status()]).toEqual([path, 404]);
    await page.getByRole("navigation").first().waitFor();
  }
  expect((await page.goto("/work"))?.status()).toBe(200);
});

test("S20: markup that somebody planted does not run", async () => {
  portal.allowErrors();
  const page = await portal.as("nora");
  await page.goto("/work");
  await page.evaluate(() => {
    const planted = document.createElement("div");
    planted.innerHTML =
      "<img src='/nothing' onerror='document.title = \"hacked\"'><iframe srcdoc='<script>parent.document.title = \"hacked\"</script>'></iframe>";
    document.body.append(planted);
  });
  await page.waitForTimeout(500);
  expect(await page.title()).not.toBe("hacked");
});

test("S7: a mailed link signs in once, by its button, in the browser that asked", async () => {
  portal.allowErrors(); // refusals are 401
  const page = await portal.stranger();
  await page.goto("/sign-in?next=/account");
  await page.getByRole("button", { name: "Get a link by mail" }).click();
  await page.getByLabel("Username or e-mail address").fill("nora");
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await page.getByText("Look at your mail").waitFor();
  const link = linkIn(await portal.mailTo("nora", /Your sign-in link/));

  const scanner = await portal.stranger();
  for (let n = 0; n < 3; n++) await scanner.request.get(link);
  await scanner.goto(link);
  await press(scanner);
  await refused(scanner);

  await page.goto(link);
  await page.reload();
  await press(page);
  await page.waitForURL("**/account");
  const again = await page.context().newPage();
  await again.goto(link);
  await press(again);
  await refused(again);
});

test("S4: a name that nobody has is answered like a wrong password", async () => {
  portal.allowErrors();
  const page = await portal.stranger();
  const said: string[] = [];
  for (const name of ["nora", "nobody.at.all"]) {
    await page.goto("/sign-in");
    await page.getByLabel("Username or e-mail address").fill(name);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await press(page);
    said.push(await page.getByRole("alert").filter({ hasText: "password" }).innerText());
  }
  expect(said[0]).toBe(said[1]);
});

test("S14, S22: after signing out the cookie is worth nothing, and the browser forgets", async () => {
  const page = await portal.as("nora");
  await page.goto("/work");
  const kept = await page.context().cookies();
  await page.getByRole("button", { name: /Nora Lindqvist/ }).click();
  const signingOut = page.waitForResponse((response) => response.url().endsWith("/api/auth/signout"));
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  expect((await (await signingOut).allHeaders())["clear-site-data"]).toContain("storage");
  await page.waitForURL("**/sign-in**");
  await page.context().addCookies(kept);
  await page.goto("/account");
  expect(new URL(page.url()).pathname).toBe("/sign-in");
});

test("S14: whoever is deactivated is out at the next click, on every device", async () => {
  const [tomas, omar] = [await portal.as("tomas"), await portal.as("omar")];
  await omar.goto("/admin/people?search=tom");
  await omar.getByRole("button", { name: /Actions for Tom/ }).click();
  await omar.getByRole("menuitem", { name: "Deactivate" }).click();
  await omar.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
  await omar.getByText(/is deactivated/).waitFor();
  await tomas.goto("/account");
  expect(new URL(tomas.url()).pathname).toBe("/sign-in");
});
