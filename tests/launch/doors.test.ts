import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConnection, urlOf } from "../../lib/launch/connection";
import { freePort, type Launched, launch } from "../support/launched";
import { newFolder } from "../support/new-folder";

/** What a running portal is to the network and to its database. */
let baton: Launched;
let address = "";
let owner: postgres.Sql;

beforeAll(async () => {
  const DATA_DIR = newFolder();
  baton = launch("start", { DATA_DIR, BATON_DEMO: "0", PORT: String(await freePort()) });
  [, address = ""] = await baton.until(/Baton is running at (http:\S+)/);
  for (let i = 0; i < 100 && (await word()) !== "ready"; i++) await new Promise((done) => setTimeout(done, 200));
  const connection = readConnection(DATA_DIR);
  if (!connection) throw new Error("no connection.json");
  owner = postgres(urlOf(connection), { max: 1, onnotice() {} });
});
afterAll(async () => {
  await owner?.end({ timeout: 1 });
  baton?.child.kill("SIGINT");
  await baton?.end;
});

const word = async () => (await fetch(`${address}/readyz`)).text();
function status(method: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${address}${path}`, { method, headers: { origin: address } }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.once("error", reject);
    sent.end();
  });
}

test("S88: neither the portal nor the worker is the database's owner", async () => {
  expect(await word()).toBe("ready");
  const rows = await owner<{ usename: string; application_name: string }[]>`
    select distinct usename, application_name from pg_stat_activity
    where datname = 'baton' and pid <> pg_backend_pid() and application_name like 'baton%'`;
  const users = new Set(rows.map(({ usename }) => usename));
  expect([...users].toSorted()).toEqual(expect.arrayContaining(["baton_app", "baton_worker"]));
  expect(
    rows.filter(({ application_name, usename }) => application_name === "baton health" && usename !== "baton_app"),
  ).toEqual([]);
});

/** Every route by its file, with its methods as they are declared. */
const FILES = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((path) =>
  /(^|\/)(route|page)\.tsx?$/.test(path),
);
const PATHS = FILES.map((file) => ({
  file,
  path:
    `/${file
      .replace(/\/?(route|page)\.tsx?$/, "")
      .replaceAll(/\([^)]*\)\/?/g, "")
      .replaceAll(/\[[^\]]*\]/g, "none")}`.replace(/\/$/, "") || "/",
}));

test.each(["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])(
  "S44: %s is 405 on every route",
  async (method) => {
    expect(PATHS.length).toBeGreaterThan(40);
    for (const { path } of PATHS) expect([path, await status(method, path)]).toEqual([path, 405]);
  },
);

/** A page takes no POST; a route takes it when its file says so. */
const takesPost = (file: string) => /^export .*\bPOST\b/m.test(readFileSync(`app/${file}`, "utf8"));

test("S44: POST is 405 on every page, and on every route that does not declare it", async () => {
  expect(PATHS.filter(({ file }) => takesPost(file)).length).toBeGreaterThan(3);
  for (const { file, path } of PATHS) {
    const answer = await status("POST", path);
    if (takesPost(file)) expect([path, answer]).not.toEqual([path, 405]);
    else expect([path, answer]).toEqual([path, 405]);
  }
  for (const path of ["/api/v1/events/none", "/api/v1/orchestrations/none/runs"])
    expect([path, await status("GET", path)]).toEqual([path, 405]);
});
