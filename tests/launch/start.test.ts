import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, expect, test } from "vitest";
import { DEMO_ACCOUNTS } from "../../db/seed/accounts";
import { readConnection, urlOf } from "../../lib/launch/connection";
import { type EmbeddedServer, startEmbedded } from "../../lib/launch/embedded";
import { isAlive, readPostmaster } from "../../lib/launch/postmaster";
import { descendantsOf, freePort, type Launched, launch, launchByNpm } from "../support/launched";
import { newFolder } from "../support/new-folder";

const RUNNING = /Baton is running at (http:\S+) +\(after (\d+\.\d) s/;
/** What the README calls seconds. */
const SECOND_START_S = 15;
/** Without demo data, which take seconds to make. */
const PLAIN = { BATON_DEMO: "0" };
const launched: Launched[] = [];
const opened: EmbeddedServer[] = [];

type Started = Launched & {
  readonly address: string;
  /** What the start says that it took. */
  readonly seconds: number;
};

async function start(env: Record<string, string>): Promise<Started> {
  const started = launch("start", { PORT: String(await freePort()), ...env });
  launched.push(started);
  const [, address = "", seconds] = await started.until(RUNNING);
  return { ...started, address, seconds: Number(seconds) };
}

async function stop(started: Launched): Promise<void> {
  started.child.kill("SIGINT");
  expect(await started.end).toBe(0);
}

afterEach(async () => {
  for (const { child, end } of launched.splice(0)) {
    child.kill("SIGINT");
    await end;
  }
  for (const server of opened.splice(0)) await server.stop();
});

/** The one word that strangers are told. */
const health = async (address: string) => (await fetch(`${address}/readyz`)).text();

/** What a browser sends when somebody presses "Sign in as …", and whether a session came of it. */
async function pressSignInAs(address: string, username: string): Promise<{ status: number; isSignedIn: boolean }> {
  const form = await fetch(`${address}/api/auth/csrf`);
  const { csrfToken } = (await form.json()) as { csrfToken: string };
  const cookie = form.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const body = new URLSearchParams({ csrfToken, username, callbackUrl: "/", json: "true" });
  const headers = { cookie, origin: address };
  const answer = await fetch(`${address}/api/auth/callback/demo`, {
    method: "POST",
    body,
    headers,
    redirect: "manual",
  });
  const isSignedIn = answer.headers.getSetCookie().some((one) => /session[^=]*=[^;]{20,}/.test(one));
  return { status: answer.status, isSignedIn };
}

async function untilHealthy(address: string): Promise<string> {
  for (let i = 0; i < 150; i++) {
    const now = await health(address).catch(() => "");
    if (now === "ready") return now;
    await new Promise((done) => setTimeout(done, 200));
  }
  return health(address);
}

test("a demo starts from nothing, says who can sign in, keeps secrets to itself, and stops without leaving anything", async () => {
  const DATA_DIR = newFolder();
  const baton = await start({ DATA_DIR });
  expect(await untilHealthy(baton.address)).toBe("ready");
  const accounts = Object.entries(
    JSON.parse(readFileSync(join(DATA_DIR, "demo-accounts.json"), "utf8")) as Record<string, string>,
  );
  for (const [username, password] of accounts)
    expect(baton.printed()).toMatch(new RegExp(`${username}\\s+${password}`));
  for (const name of ["demo-accounts.json", "secrets.json", "connection.json"])
    expect(execFileSync("stat", ["-c", "%a", join(DATA_DIR, name)], { encoding: "utf8" }).trim()).toBe("600");
  expect(await (await fetch(`${baton.address}/sign-in`)).text()).toContain("Sign in as");
  expect(await pressSignInAs(baton.address, "omar")).toEqual({ status: 200, isSignedIn: true });
  const audit = launch("audit", { DATA_DIR }, ["--counts"]);
  expect(await audit.end).toBe(0);
  for (const status of ["in_progress", "approved", "rejected", "recalled", "canceled"])
    expect(audit.printed()).toMatch(new RegExp(`^submission ${status} [1-9]`, "m"));
  for (const other of ["run completed", "step completed", "work_item assigned"])
    expect(audit.printed()).toMatch(new RegExp(`^${other} [1-9]`, "m"));
  const all = descendantsOf(baton.child.pid ?? 0);
  expect(all.length).toBeGreaterThan(2);
  await stop(baton);
  expect(all.filter(isAlive)).toEqual([]);
  expect(baton.printed()).toMatch(/Stopped\.\s*$/);
});

test("a Ctrl-C, which every process of the terminal gets, stops all of them in order and leaves nothing", async () => {
  const DATA_DIR = newFolder();
  const baton = launchByNpm("start", { DATA_DIR, ...PLAIN, PORT: String(await freePort()) });
  launched.push(baton);
  await baton.until(RUNNING);
  const group = baton.child.pid ?? 0;
  const all = [group, ...descendantsOf(group)];
  expect(all.length).toBeGreaterThan(4);
  process.kill(-group, "SIGINT");
  await baton.end;
  for (let i = 0; i < 200 && all.some(isAlive); i++) await new Promise((done) => setTimeout(done, 50));
  expect(all.filter(isAlive)).toEqual([]);
  expect(baton.printed()).toMatch(/Stopped\.\s*$/);
  expect(readPostmaster(join(DATA_DIR, "postgres"))).toBeNull();
});

test("two starts at once: the second says so and the first goes on", async () => {
  const DATA_DIR = newFolder();
  const first = await start({ DATA_DIR, ...PLAIN });
  const second = launch("start", { DATA_DIR, ...PLAIN, PORT: String(await freePort()) });
  expect(await second.end).toBe(1);
  expect(second.printed()).toContain(`Baton is already running from ${DATA_DIR} (process ${first.child.pid})`);
  expect(await untilHealthy(first.address)).toBe("ready");
});

test("after kill -9 of everything the next start recovers by itself, in seconds, with the same secrets and accounts", async () => {
  const DATA_DIR = newFolder();
  const first = await start({ DATA_DIR });
  const kept = ["secrets.json", "demo-accounts.json"].map((name) => readFileSync(join(DATA_DIR, name), "utf8"));
  for (const id of descendantsOf(first.child.pid ?? 0)) process.kill(id, "SIGKILL");
  first.child.kill("SIGKILL");
  await first.end;
  const second = await start({ DATA_DIR });
  expect(second.seconds).toBeLessThan(SECOND_START_S);
  expect(await untilHealthy(second.address)).toBe("ready");
  expect(["secrets.json", "demo-accounts.json"].map((name) => readFileSync(join(DATA_DIR, name), "utf8"))).toEqual(
    kept,
  );
});

test("a start that ended while it made the demo data leaves nothing half made", async () => {
  const DATA_DIR = newFolder();
  const first = launch("start", { DATA_DIR, PORT: String(await freePort()) });
  launched.push(first);
  const ask = async (statement: string): Promise<unknown> => {
    const known = readConnection(DATA_DIR);
    if (!known?.port) return null;
    const client = postgres(urlOf(known), { max: 1, onnotice() {}, connect_timeout: 2 });
    const rows = await client.unsafe(statement).catch(() => []);
    await client.end({ timeout: 1 });
    return rows[0]?.value ?? null;
  };
  const people = `select count(*)::int as value from "user" where kind = 'person'`;
  while (Number(await ask(people)) === 0) await new Promise((done) => setTimeout(done, 50));
  expect(await ask("select value from setting where name = 'demo'")).toBe("seeding");
  for (const id of descendantsOf(first.child.pid ?? 0)) process.kill(id, "SIGKILL");
  first.child.kill("SIGKILL");
  await first.end;
  await start({ DATA_DIR });
  expect(await ask("select value from setting where name = 'demo'")).toBe("seeded");
  expect(await ask(people)).toBe(DEMO_ACCOUNTS.length);
});

test("when only the launcher is killed its web and worker end too, and the next start adopts the database", async () => {
  const DATA_DIR = newFolder();
  const first = await start({ DATA_DIR, ...PLAIN });
  const server = readPostmaster(join(DATA_DIR, "postgres"))?.processId ?? 0;
  const others = descendantsOf(first.child.pid ?? 0).filter(
    (id) => id !== server && !descendantsOf(server).includes(id),
  );
  first.child.kill("SIGKILL");
  await first.end;
  for (let i = 0; i < 120 && others.some(isAlive); i++) await new Promise((done) => setTimeout(done, 100));
  expect(others.filter(isAlive)).toEqual([]);
  expect(isAlive(server)).toBe(true);
  await start({ DATA_DIR, ...PLAIN });
  expect(readPostmaster(join(DATA_DIR, "postgres"))?.processId).toBe(server);
});

test("a web server, a worker or a database that dies is started again", async () => {
  const DATA_DIR = newFolder();
  const baton = await start({ DATA_DIR, ...PLAIN });
  await untilHealthy(baton.address);
  for (const id of descendantsOf(baton.child.pid ?? 0)) if (isAlive(id)) process.kill(id, "SIGKILL");
  await baton.until(/The web server ended/);
  await baton.until(/The worker ended/);
  await baton.until(/PostgreSQL had ended/);
  expect(await untilHealthy(baton.address)).toBe("ready");
});

/** Puts a person there whom demo mode would let anybody sign in as. */
async function asIfSeeded(url: string, username: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice() {} });
  await client`insert into "user" (user_id, username, email, name) values ('usr_1', ${username}, 'o@example.com', 'Omar')`;
  await client`insert into setting (name, value) values ('demo_accounts', ${client.json([username])})`;
  await client.end();
}

test("with a database of one's own nothing is seeded, and a setup link is printed until there is an admin", async () => {
  const given = await startEmbedded(newFolder());
  opened.push(given);
  const DATABASE_URL = urlOf(given.connection, "postgres");
  const baton = await start({ DATA_DIR: newFolder(), DATABASE_URL });
  const [link] = await baton.until(/http:\S+\/setup\S+/);
  expect((await fetch(link)).status).toBe(200);
  expect((await fetch(`${baton.address}/setup?token=another`)).status).toBe(410);
  expect(baton.printed()).not.toContain("Demo accounts");
  await asIfSeeded(DATABASE_URL, "omar");
  expect(await (await fetch(`${baton.address}/sign-in`)).text()).not.toContain("Sign in as");
  expect(await pressSignInAs(baton.address, "omar")).toMatchObject({ isSignedIn: false });
  expect(baton.printed()).not.toContain(given.connection.password);
  await given.stop();
  opened.pop();
  for (let i = 0; i < 50 && (await health(baton.address)) === "ready"; i++)
    await new Promise((done) => setTimeout(done, 100));
  expect(await health(baton.address)).toBe("unready");
  expect(await (await fetch(`${baton.address}/livez`)).text()).toBe("alive");
});
