import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type ConsoleMessage,
  type Cookie,
  chromium,
  type Page,
} from "playwright-core";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { readConnection, urlOf } from "../../../lib/launch/connection";
import { brokenInvariants } from "../../../lib/launch/invariants";
import { findChromium } from "../../support/chromium.mjs";
import { freePort, type Launched, launch } from "../../support/launched";
import { newFolder } from "../../support/new-folder";
import { CHROMIUM_ARGS } from "./chromium-args";

/**
 * The built portal with demo data of its own, and Chromium. Every test file starts one, with a copy of the demo data, and drives it as the
 * people of the demo. After the file every rule of `db/invariants.sql` must be silent; no page may have thrown or logged an error.
 */
export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

type Look = { readonly size?: typeof DESKTOP };

export type Portal = {
  address: () => string;
  /** A blank page of somebody's own browser, signed in: by name and password the first time in a file, later in that same browser. */
  as: (username: string, look?: Look) => Promise<Page>;
  /** A page of a browser that nobody is signed in to. */
  stranger: (look?: Look) => Promise<Page>;
  signIn: (page: Page, username: string) => Promise<void>;
  /** Signs in over the page as it is, in the dialog that a lost session brings. */
  signInAgain: (page: Page, username: string) => Promise<void>;
  /** Asks the portal's database. */
  sql: () => postgres.Sql;
  /** Waits until somebody's mailbox has a mail whose text matches, and gives the newest one's text. */
  mailTo: (usernameOrAddress: string, pattern: RegExp) => Promise<string>;
  /** For tests that provoke what browsers log as an error, such as a lost connection. */
  allowErrors: () => void;
};

export function startPortal(): Portal {
  let launched: Launched | undefined;
  let browser: Browser | undefined;
  let client: postgres.Sql | undefined;
  let address = "";
  let passwords: Record<string, string> = {};
  let strangers: BrowserContext[] = [];
  /** Somebody's browsers, by name and width: what a browser keeps of a page's code is worth seconds. */
  const browsers = new Map<string, Promise<BrowserContext>>();
  const sessions = new Map<string, Cookie[]>();
  let errors: string[] = [];
  let areErrorsAllowed = false;

  beforeAll(async () => {
    const dataDir = newFolder();
    // With their owners: the server's own account owns its files.
    execFileSync("cp", ["-a", `${process.env.DEMO_DATA}/.`, dataDir]);
    launched = launch("start", { DATA_DIR: dataDir, PORT: String(await freePort()) });
    [, address = ""] = await launched.until(/Baton is running at (http:\S+)/);
    passwords = JSON.parse(readFileSync(join(dataDir, "demo-accounts.json"), "utf8")) as Record<string, string>;
    const connection = readConnection(dataDir);
    if (!connection) throw new Error("the portal wrote no connection.json");
    client = postgres(urlOf(connection), { max: 2, onnotice() {} });
    browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_ARGS });
  }, 300_000);

  afterEach(async ({ task }) => {
    const opened = await Promise.allSettled(browsers.values());
    const kept = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    if (task.result?.state === "fail") await photograph([...strangers, ...kept], task.name);
    await Promise.all(strangers.map((context) => context.close()));
    await Promise.all(kept.flatMap((context) => context.pages()).map((page) => page.close()));
    strangers = [];
    const found = areErrorsAllowed ? [] : errors;
    errors = [];
    areErrorsAllowed = false;
    expect(found, "errors in the browser").toEqual([]);
  });

  afterAll(async () => {
    const broken = client ? await brokenInvariants(client) : [];
    await client?.end({ timeout: 1 });
    await browser?.close();
    launched?.child.kill("SIGINT");
    await launched?.end;
    expect(
      broken.map(({ name, promise }) => `${name} ${promise}`),
      "broken invariants",
    ).toEqual([]);
  }, 60_000);

  const newBrowser = async ({ size = DESKTOP }: Look): Promise<BrowserContext> => {
    if (!browser) throw new Error("the browser has not started");
    const isPhone = size.width < 768;
    const context = await browser.newContext({
      viewport: size,
      colorScheme: "light",
      reducedMotion: "reduce",
      baseURL: address,
      isMobile: isPhone,
      hasTouch: isPhone,
    });
    context.on("page", (page) => {
      page.on("pageerror", (error) => errors.push(error.message));
      page.on(
        "console",
        (message) =>
          message.type() === "error" &&
          !isOvertaken(message) &&
          errors.push(`${message.text()} ${message.location().url}`),
      );
    });
    return context;
  };
  const stranger = async (look: Look = {}): Promise<Page> => {
    const context = await newBrowser(look);
    strangers.push(context);
    return context.newPage();
  };
  const signIn = async (page: Page, username: string): Promise<void> => {
    await page.getByLabel("Username or e-mail address").fill(username);
    await page.getByLabel("Password", { exact: true }).fill(passwords[username] ?? "");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  };
  const signInAgain = async (page: Page, username: string): Promise<void> => {
    const dialog = page.getByRole("dialog", { name: "Please sign in again" });
    await dialog.getByLabel("Username or e-mail address").fill(username);
    await dialog.getByLabel("Password", { exact: true }).fill(passwords[username] ?? "");
    await dialog.getByRole("button", { name: "Sign in and go on" }).click();
    await dialog.waitFor({ state: "detached" });
  };
  const signedIn = async (username: string, look: Look): Promise<BrowserContext> => {
    const context = await newBrowser(look);
    const session = sessions.get(username);
    if (session) await context.addCookies(session);
    else {
      const page = await context.newPage();
      await page.goto("/sign-in");
      await signIn(page, username);
      sessions.set(username, await context.cookies());
    }
    return context;
  };
  const sql = (): postgres.Sql => {
    if (!client) throw new Error("the portal has not started");
    return client;
  };
  return {
    address: () => address,
    stranger,
    signIn,
    signInAgain,
    sql,
    as: async (username, look = {}) => {
      const { size = DESKTOP } = look;
      const of = `${username} ${size.width}`;
      const kept = browsers.get(of);
      // Who asks at the same time waits for the same one, so that a page of it is signed in.
      if (kept) return (await kept).newPage();
      const opening = signedIn(username, look);
      browsers.set(of, opening);
      const context = await opening;
      context.once("close", () => browsers.delete(of));
      return context.pages()[0] ?? context.newPage();
    },
    mailTo: (who, pattern) => mailTo(sql(), who, pattern),
    allowErrors: () => {
      areErrorsAllowed = true;
    },
  };
}

/**
 * A look ahead at what a choice would lead to is refused when the choice was made meanwhile, and what a link that the pointer rests on leads to is
 * not found when it is not this person's any more: the page shows nothing of either.
 */
const isOvertaken = (message: ConsoleMessage): boolean =>
  /status of 40[49]/.test(message.text()) && /\/ahead\?|[?&]_rsc=/.test(message.location().url);

/** What every open page looked like when a test failed, for whoever has to find out why. */
async function photograph(contexts: readonly BrowserContext[], test: string): Promise<void> {
  const pages = contexts.flatMap((context) => context.pages());
  const name = test.replace(/\W+/g, "-").slice(0, 60);
  await Promise.allSettled(
    pages.map((page, at) => page.screenshot({ path: `.data/test-results/${name}-${at + 1}.png` })),
  );
}

const MAIL_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

async function mailTo(sql: postgres.Sql, who: string, pattern: RegExp): Promise<string> {
  for (let waited = 0; waited < MAIL_WITHIN_MS; waited += LOOK_EVERY_MS) {
    const mails = await sql<{ subject: string; text: string }[]>`
      select m.subject, m.text_body as text from mailbox_message m left join "user" u on u.email = m.recipient
      where u.username = ${who} or m.recipient = ${who} order by m.received_at desc limit 50`;
    const found = mails.find(({ subject, text }) => pattern.test(`${subject}\n${text}`));
    if (found) return found.text;
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
  throw new Error(`no mail to ${who} matched ${pattern}`);
}

/** The address in a mail's text that leads to work. */
export function workLinkIn(text: string): string {
  const [link] = /https?:\/\/\S+\?item=wi_\S+/.exec(text) ?? [];
  if (!link) throw new Error(`no link to work in:\n${text}`);
  return link;
}
