import type postgres from "postgres";
import { PREFIXES } from "../../ids";
import { canonicalJson } from "../../logic/canonical";
import type { Value } from "../../logic/value";

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

/** All ids that the database holds. */
export async function idsIn(client: postgres.Sql): Promise<ReadonlySet<string>> {
  const tables = await readTables(client);
  return new Set(tables.flatMap(({ rows }) => JSON.stringify(rows).match(ID) ?? []));
}

/**
 * What the database holds, but for what differs whenever the same is done again: instants, chains, and ids made since `known`, which are numbered in the
 * order of their making (that is how they sort). Commands are named by digests, so theirs are not numbered.
 */
export async function snapshotOf(client: postgres.Sql, known: ReadonlySet<string>): Promise<Snapshot> {
  const tables = await readTables(client);
  const made = new Set(tables.flatMap(({ rows }) => JSON.stringify(rows).match(ID) ?? []));
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const id of [...made].filter((one) => !known.has(one)).sort()) {
    const prefix = id.slice(0, id.indexOf("_"));
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    names.set(id, prefix === PREFIXES.command ? "a command" : `${prefix} ${count}`);
  }
  const rename = (text: string): string => text.replace(ID, (id) => names.get(id) ?? id);
  return new Map(tables.map(({ name, rows }) => [name, rows.map((row) => textOf(name, row, rename)).sort()]));
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

/** In one statement, and so as of one moment. */
async function readTables(client: postgres.Sql): Promise<{ name: string; rows: Row[] }[]> {
  const [listed] = await client<{ statement: string }[]>`
    select string_agg(format('select %L as name, coalesce(jsonb_agg(to_jsonb(t)), ''[]'') as rows from public.%I t', tablename, tablename), ' union all ') as statement
    from pg_tables where schemaname = 'public' and tablename <> ${BESIDE}`;
  return client.unsafe<{ name: string; rows: Row[] }[]>(listed?.statement ?? "");
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
