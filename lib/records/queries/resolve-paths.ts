import { eq, inArray } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { field, record, user } from "../../../db/schema";
import { MAX_RECORD_PATHS } from "../../engine/definition";
import { ownProperty, type Value } from "../../logic/value";
import { recordColumns, recordValues } from "./read-record";

/** Names in one path. A longer one resolves to null. */
const MAX_DEPTH = 6;

type Thing = {
  readonly values: { readonly [name: string]: Value } /** Names that lead on, to a record or a user. */;
  readonly links: ReadonlySet<string>;
};
const USER_LINKS = new Set(["Manager"]);
const STANDARD_LINKS = ["Owner", "CreatedBy"];

/** Loads users and records by id into `things`; each id is asked for once. */
async function load(db: Database, ids: ReadonlySet<string>, things: Map<string, Thing | null>): Promise<void> {
  const wanted = [...ids].filter((id) => !things.has(id));
  if (wanted.length === 0) return;
  const [records, users, links] = await Promise.all([
    db.select(recordColumns).from(record).where(inArray(record.recordId, wanted)).limit(wanted.length),
    db
      .select({ Id: user.userId, Name: user.name, Email: user.email, Username: user.username, Manager: user.managerId })
      .from(user)
      .where(inArray(user.userId, wanted))
      .limit(wanted.length),
    db
      .selectDistinct({ object: field.objectName, name: field.fieldName, type: field.type })
      .from(field)
      .innerJoin(record, eq(record.objectName, field.objectName))
      .where(inArray(record.recordId, wanted)),
  ]);
  for (const id of wanted) things.set(id, null);
  for (const row of users) things.set(row.Id, { values: row, links: USER_LINKS });
  for (const row of records) {
    const own = links.filter(
      (link) => link.object === row.objectName && (link.type === "lookup" || link.type === "user"),
    );
    things.set(row.recordId, {
      values: recordValues(row),
      links: new Set([...STANDARD_LINKS, ...own.map((link) => link.name)]),
    });
  }
}

/**
 * Values behind paths that begin at a record, e.g. `Owner.Manager.Email` or `Account.Name`, keyed by the path as given. A path that ends
 * at a lookup gives the id; one that names nothing, or leads nowhere, gives null. Users have Id, Name, Email, Username and Manager.
 * One flight a level, whatever the number of paths; read as Baton itself, without anybody's access (A7).
 */
export const resolvePaths = async (
  db: Database,
  start: { readonly object: string; readonly id: string },
  paths: readonly string[],
): Promise<{ readonly [path: string]: Value }> => (await followPaths(db, start, paths)).values;

/** Values behind paths, and the ids of the records and users that each was read from, the first record first; none of what is gone. */
export type Followed = {
  readonly values: { readonly [path: string]: Value };
  readonly behind: { readonly [path: string]: readonly string[] };
};

/** As `resolvePaths`, with what it passed: whoever waits for a path waits for all of these. */
export async function followPaths(
  db: Database,
  { id }: { readonly object: string; readonly id: string },
  paths: readonly string[],
): Promise<Followed> {
  const [followed] = await followAll(db, [{ id, paths }]);
  return followed ?? { values: {}, behind: {} };
}

/** The same for paths that begin at several records, in their order: one flight a level for all of them. */
export async function followAll(
  db: Database,
  starts: readonly { readonly id: string; readonly paths: readonly string[] }[],
): Promise<Followed[]> {
  const things = new Map<string, Thing | null>();
  const begun = starts.map(begin);
  for (let depth = 0; depth < MAX_DEPTH && begun.some(({ open }) => open.length > 0); depth++) {
    await load(db, new Set(begun.flatMap(({ open }) => open.map(({ at }) => at))), things);
    for (const one of begun) goOn(one, things);
  }
  return begun.map(({ found, behind }) => ({ values: Object.fromEntries(found), behind: Object.fromEntries(behind) }));
}

type Following = {
  readonly found: Map<string, Value>;
  readonly behind: Map<string, readonly string[]>;
  open: readonly { readonly path: string; readonly names: readonly string[]; readonly at: string }[];
};

const begin = ({ id, paths }: { readonly id: string; readonly paths: readonly string[] }): Following => ({
  found: new Map(paths.map((path) => [path, null])),
  behind: new Map(),
  open: [...new Set(paths)]
    .slice(0, MAX_RECORD_PATHS)
    .map((path) => ({ path, names: path.split("."), at: id }))
    .filter(({ names }) => names.length <= MAX_DEPTH),
});

/** One name further along each path that is open. */
function goOn(one: Following, things: ReadonlyMap<string, Thing | null>): void {
  const { found, behind } = one;
  for (const { path, at } of one.open) behind.set(path, [...(behind.get(path) ?? []), ...(things.get(at) ? [at] : [])]);
  one.open = one.open.flatMap(({ path, names, at }) => {
    const thing = things.get(at);
    const [name, ...rest] = names;
    if (!thing || name === undefined) return [];
    const value = ownProperty(thing.values, name);
    if (rest.length === 0) found.set(path, value);
    return rest.length > 0 && typeof value === "string" && thing.links.has(name)
      ? [{ path, names: rest, at: value }]
      : [];
  });
}
