import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, expect, test } from "vitest";
import { DEMO_ACCOUNTS } from "../../db/seed/accounts";
import { readConnection, urlOf } from "../../lib/launch/connection";
import { type EmbeddedServer, startEmbedded } from "../../lib/launch/embedded";
import { isAlive, readPostmaster } from "../../lib/launch/postmaster";
import { descendantsOf, freePort, type Launched, launch, newFolder } from "../support/launched";

const RUNNING = /Baton is running at (http:\S+)/;
/** Without demo data, which take seconds to make. */
const PLAIN = { BATON_DEMO: "0" };
const launched: Launched[] = [];
const opened: EmbeddedServer[] = [];

async function start(env: Record<string, string>): Promise<Launched & { address: string }> {
  const started = launch("start", { PORT: String(await freePort()), ...env });
  launched.push(started);
  const [, address = ""] = await started.until(RUNNING);
  return { ...started, address };
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
  const all = descendantsOf(baton.child.pid ?? 0);
  expect(all.length).toBeGreaterThan(2);
  await stop(baton);
  expect(all.filter(isAlive)).toEqual([]);
  expect(baton.printed()).toMatch(/Stopped\.\s*$/);
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

test("with a database of one's own nothing is seeded, and a setup link is printed until there is an admin", async () => {
  const given = await startEmbedded(newFolder());
  opened.push(given);
  const DATABASE_URL = urlOf(given.connection, "postgres");
  const baton = await start({ DATA_DIR: newFolder(), DATABASE_URL });
  const [link] = await baton.until(/http:\S+\/setup\S+/);
  expect((await fetch(link)).status).toBe(200);
  expect((await fetch(`${baton.address}/setup?token=another`)).status).toBe(410);
  expect(baton.printed()).not.toContain("Demo accounts");
  expect(baton.printed()).not.toContain(given.connection.password);
  await given.stop();
  opened.pop();
  for (let i = 0; i < 50 && (await health(baton.address)) === "ready"; i++)
    await new Promise((done) => setTimeout(done, 100));
  expect(await health(baton.address)).toBe("unready");
  expect(await (await fetch(`${baton.address}/livez`)).text()).toBe("alive");
});
