import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, expect, test } from "vitest";
import { readConnection, urlOf } from "../../lib/launch/connection";
import { type EmbeddedServer, startEmbedded } from "../../lib/launch/embedded";
import { FolderInUse, ownFolder } from "../../lib/launch/own-folder";
import { isAlive, readPostmaster } from "../../lib/launch/postmaster";
import { launch } from "../support/launched";
import { newFolder } from "../support/new-folder";

const opened: EmbeddedServer[] = [];
async function start(folder: string): Promise<EmbeddedServer> {
  const server = await startEmbedded(folder);
  opened.push(server);
  return server;
}
afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
});

async function ask(server: EmbeddedServer, statement: string): Promise<postgres.RowList<postgres.Row[]>> {
  const client = postgres(urlOf(server.connection, "postgres"), { max: 1, onnotice() {} });
  return client.unsafe(statement).finally(() => client.end());
}

const processOf = (folder: string): number | undefined => readPostmaster(join(folder, "postgres"))?.processId;

function killServer(folder: string): void {
  const id = processOf(folder);
  if (!id) throw new Error("no server is running"); // 0 would name ourselves
  process.kill(id, "SIGKILL");
}

test("what was written is there after a stop and a start, and after kill -9", async () => {
  const folder = newFolder();
  const first = await start(folder);
  await ask(first, "create table kept (n int); insert into kept values (1)");
  await first.stop();
  opened.pop();
  const second = await start(folder);
  await ask(second, "insert into kept values (2)");
  killServer(folder);
  await second.stop();
  opened.pop();
  const third = await start(folder);
  expect(third.wasAdopted).toBe(false);
  expect(await ask(third, "select n from kept order by n")).toEqual([{ n: 1 }, { n: 2 }]);
  expect(third.connection.password).toBe(first.connection.password);
});

test("a server that ended is started again on its port", async () => {
  const folder = newFolder();
  const server = await start(folder);
  expect(await server.revive()).toBe(false);
  killServer(folder);
  while (processOf(folder)) await new Promise((done) => setTimeout(done, 20));
  expect(await server.revive()).toBe(true);
  expect(await ask(server, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("only this machine and whoever has the password gets in", async () => {
  const server = await start(newFolder());
  expect(await ask(server, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  expect(await ask(server, "show fsync")).toEqual([{ fsync: "on" }]);
  const stranger = { connection: { ...server.connection, password: "guess" } } as EmbeddedServer;
  await expect(ask(stranger, "select 1")).rejects.toMatchObject({ code: "28P01" });
});

test("a folder has one owner, and gets free again", async () => {
  const folder = newFolder();
  const release = await ownFolder(folder, "start");
  await expect(ownFolder(folder, "start")).rejects.toThrow(FolderInUse);
  await expect(ownFolder(folder, "start")).rejects.toMatchObject({ processId: process.pid });
  await release();
  await (await ownFolder(folder, "start"))();
});

test("a database whose connection.json is lost is refused, and never thrown away", async () => {
  const folder = newFolder();
  await (await startEmbedded(folder)).stop();
  rmSync(join(folder, "connection.json"));
  await expect(startEmbedded(folder)).rejects.toThrow(/connection\.json with its password is missing/);
  expect(existsSync(join(folder, "postgres", "PG_VERSION"))).toBe(true);
});

test("a left-over process file of a program that is no server of this data counts as none", async () => {
  const folder = newFolder();
  const server = await start(folder);
  const file = readFileSync(join(folder, "postgres", "postmaster.pid"), "utf8");
  expect(file).toContain(join(folder, "postgres"));
  expect(isAlive(processOf(folder) ?? 0)).toBe(true);
  await server.stop();
  opened.pop();
  expect(readPostmaster(join(folder, "postgres"))).toBeNull();
});

test.runIf(process.getuid?.() === 0)(
  "below a folder that only root may enter the data moves, connection.json says where, and audit finds it",
  async () => {
    const closed = newFolder();
    chmodSync(closed, 0o700);
    const folder = join(closed, "data");
    mkdirSync(folder);
    const server = await start(folder);
    const elsewhere = readConnection(folder)?.folder ?? "";
    expect(elsewhere).toMatch(/^\/var\/lib\/baton\//);
    expect(existsSync(join(elsewhere, "postgres", "PG_VERSION"))).toBe(true);
    await ask(server, "create database baton");
    await server.stop();
    opened.pop();
    const audit = launch("audit", { DATA_DIR: folder });
    await audit.end;
    expect(audit.printed()).toMatch(/contract\.|relation|schema/); // it found the database, and nothing in it
    rmSync(elsewhere, { recursive: true });
  },
);
