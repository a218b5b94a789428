import { PREFIXES } from "../../ids";
import { canonicalJson } from "../../logic/canonical";
import type { Value } from "../../logic/value";
import { type Client, sinceNow, tablesOf, WRITTEN_SINCE } from "./databases";

/** Every row of every table, as text that two databases in which the same was done have in common; sorted. By table. */
export type Snapshot = ReadonlyMap<string, readonly string[]>;

const prefixes = Object.values(PREFIXES).join("|");
const ID = new RegExp(`\\b(?:${prefixes})_[0-9a-z]{24,41}\\b`, "g");
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
/** Differs with every run of the same command: chained over ids and instants, or random. The audit recomputes it. */
const CHAINED = new Set(["hash", "prev_hash", "head_hash", "salt", "personal_digest", "request"]);
/** Made with random numbers each time, from what is the same. */
const SALTED = new Set(["password_hash", "sealed"]);
/** How often a job or mail was claimed, and something asked, says how often that was tried, and nothing of what was done. */
const CLAIMS: Readonly<Record<string, readonly string[]>> = {
  job: ["attempts", "fence"],
  outbox: ["attempts", "fence"],
  reply_token: ["replies"],
};

type Row = { readonly [column: string]: unknown };

/** What the database held at a moment: every row as text by its table and key, and every id. Rows that nobody wrote since need not be read again. */
export type Moment = {
  readonly since: string;
  readonly texts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly known: ReadonlySet<string>;
};

const idsOf = (tables: readonly Read[]): Set<string> =>
  new Set(tables.flatMap(({ rows }) => JSON.stringify(rows.map(([, row]) => row)).match(ID) ?? []));

/** Nobody else may be writing. */
export async function momentOf(client: Client): Promise<Moment> {
  const since = await sinceNow(client);
  const tables = await readTables(client, "0");
  const asItIs = (text: string) => text;
  const texts = tables.map(({ name, rows }): [string, ReadonlyMap<string, string>] => [
    name,
    new Map(rows.map(([key, row]) => [key, textOf(name, row ?? {}, asItIs)])),
  ]);
  return { since, texts: new Map(texts), known: idsOf(tables) };
}

export const snapshotAt = ({ texts }: Moment): Snapshot =>
  new Map([...texts].map(([name, rows]) => [name, [...rows.values()].sort()]));

/**
 * What the database holds, but for what differs whenever the same is done again: instants, chains, and ids made since that moment, which are numbered in
 * the order of their making (that is how they sort). Commands are named by digests, so theirs are not numbered.
 */
export async function snapshotOf(client: Client, { since, texts, known }: Moment): Promise<Snapshot> {
  const tables = await readTables(client, since);
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const id of [...idsOf(tables)].filter((one) => !known.has(one)).sort()) {
    const prefix = id.slice(0, id.indexOf("_"));
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    names.set(id, prefix === PREFIXES.command ? "a command" : `${prefix} ${count}`);
  }
  const rename = (text: string): string => text.replace(ID, (id) => names.get(id) ?? id);
  const textAt = (name: string, [key, row]: ReadRow): string =>
    row ? textOf(name, row, rename) : (texts.get(name)?.get(key) ?? `was not there: ${key}`);
  return new Map(tables.map(({ name, rows }) => [name, rows.map((row) => textAt(name, row)).sort()]));
}

function textOf(table: string, row: Row, rename: (text: string) => string): string {
  const plain = (value: unknown, column: string): unknown => {
    if (value !== null && (CHAINED.has(column) || SALTED.has(column) || CLAIMS[table]?.includes(column))) return "…";
    if (typeof value === "string") return INSTANT.test(value) ? "an instant" : rename(value);
    if (Array.isArray(value)) return value.map((one) => plain(one, ""));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [rename(key), plain(one, key)]));
  };
  return canonicalJson(plain(row, "") as Value);
}

/** Who asked how often is counted beside the command, whatever becomes of it. */
const BESIDE = "attempt";

/** A row by its key; null: nobody wrote it since. */
type ReadRow = readonly [key: string, row: Row | null];
type Read = { readonly name: string; readonly rows: readonly ReadRow[] };

/** In one statement, and so as of one moment. */
async function readTables(client: Client, since: string): Promise<Read[]> {
  const tables = (await tablesOf(client)).filter(({ name }) => name !== BESIDE);
  const parts = tables.map(({ name, key }) => {
    const row = `case when ${WRITTEN_SINCE}$1::bigint then to_jsonb(t) end`;
    const pairs = `jsonb_agg(jsonb_build_array(jsonb_build_array(${key.join(", ")})::text, ${row}))`;
    return `select '${name.replaceAll('"', "")}' as name, coalesce(${pairs}, '[]') as rows from public.${name} t`;
  });
  return client.unsafe<Read[]>(parts.join(" union all "), [since], { prepare: true });
}

export type Difference = {
  readonly table: string;
  readonly missing: readonly string[];
  readonly added: readonly string[];
};

/** What `found` lacks of `wanted` and has beyond it; nothing for two that are equal. */
export function differences(wanted: Snapshot, found: Snapshot): Difference[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((table) => {
    const missing = without(wanted.get(table) ?? [], found.get(table) ?? []);
    const added = without(found.get(table) ?? [], wanted.get(table) ?? []);
    return missing.length + added.length > 0 ? [{ table, missing, added }] : [];
  });
}

function without(rows: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = counts.get(row) ?? 0;
    counts.set(row, count - 1);
    return count <= 0;
  });
}
