import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { nodes, sources } from "./sources";

/**
 * Baton runs on PostgreSQL 15, while its tests run on the embedded 18: so what came later is looked for in every SQL text. (Database tests
 * run on a server of one's own with `TEST_SERVER_URL`.)
 */
const LATER: readonly (readonly [since: number, what: RegExp])[] = [
  [
    16,
    /\b(any_value|json_(array|object)agg_strict|array_(sample|shuffle)|random_normal|date_(add|subtract)|erfc?|system_user)\s*\(/i,
  ],
  [
    16,
    /\bis\s+(not\s+)?json\b|\bpg_(input_is_valid|input_error_info|stat_io)\b|\bgenerated\s+by\s+default\s+on\s+null\b/i,
  ],
  [16, /(?<![\w$'"])\d+(_\d+)+(?![\w'"])|(?<![\w'"])0[xob][0-9a-f]+\b/i],
  [
    17,
    /\bjson_(table|query|exists|value|scalar|serialize)\s*\(|\bmerge_action\b|\bnot\s+matched\s+by\s+(source|target)\b/i,
  ],
  [
    17,
    /\bmerge\s+into\b[\s\S]*\breturning\b|\btransaction_timeout\b|\bat\s+local\b|\bto_(bin|oct)\s*\(|\brandom\s*\(\s*[^)\s]/i,
  ],
  [17, /\b(uuid_extract_\w+|unicode_(assigned|version)|icu_unicode_version|xmltext)\s*\(|\bon_error\b|\bmaintain\b/i],
  [
    18,
    /\b(uuidv[47]|array_(sort|reverse)|crc32c?|casefold|l?gamma|pg_get_acl)\s*\(|\bwithout\s+overlaps\b|\bnot\s+enforced\b/i,
  ],
  [18, /\breturning\b[^;]*\b(old|new)\s*\.|\breturning\s+with\s*\(/i],
  [18, /\bgenerated\s+always\s+as\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?!\s*stored)/i],
];
const SQL = /\b(select|insert\s+into|update|delete\s+from|merge|create|alter|with|set|grant|lateral|returning)\b/i;

const tooNew = (text: string): string[] => [
  ...LATER.filter(([, what]) => what.test(text)).map(([since, what]) => `${since}: ${what.exec(text)?.[0]}`),
  ...withoutAlias(text).map((found) => `16: no alias for ${found}`),
];

const SUBQUERY = /\b(?:(?:from|join)(?:\s+lateral)?\s*\((?=\s*(?:select|values|with)\b)|lateral\s*\()/gi;
const NOT_AN_ALIAS =
  /^(on|where|left|right|inner|cross|full|join|order|group|having|limit|union|for|using|returning)\b/i;

/** Subqueries in FROM that have no name of their own, which 15 asks for. */
function withoutAlias(text: string): string[] {
  return [...text.matchAll(SUBQUERY)].flatMap((found) => {
    const begin = found.index + found[0].length;
    let end = begin;
    for (let depth = 1; depth > 0 && end < text.length; end++) depth += { "(": 1, ")": -1 }[text.charAt(end)] ?? 0;
    const after = text.slice(end).trimStart();
    return /^["\w]/.test(after) && !NOT_AN_ALIAS.test(after) ? [] : [text.slice(found.index, end)];
  });
}

const FOLDERS = ["db", "db/migrations"];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .map((name) => `${folder}/${name}`),
);

/** The texts that a program hands to the database: tagged `sql`, called by a client's name, or reading like a statement. */
function* statements(tree: ts.SourceFile): Generator<string> {
  for (const node of nodes(tree)) {
    if (ts.isTaggedTemplateExpression(node)) yield textOf(node.template);
    else if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node)) {
      const text = textOf(node);
      if (SQL.test(text) && text.includes(" ")) yield text;
    }
  }
}
const textOf = (node: ts.Node): string =>
  ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(" ? ")
    : ts.isStringLiteralLike(node)
      ? node.text
      : "";

describe("nothing newer than PostgreSQL 15", () => {
  test("is in migrations, guards, contract and invariants", () => {
    expect(files.length).toBeGreaterThan(3);
    const found = files.map((path) => [path, tooNew(withoutComments(readFileSync(path, "utf8")))] as const);
    expect(found.filter(([, what]) => what.length > 0)).toEqual([]);
  });

  test("is in the queries of the program", () => {
    const asking = sources.filter(({ path }) => /^(lib|db)\//.test(path) && !path.startsWith("db/seed/"));
    const all = asking.flatMap(({ path, tree }) => [...statements(tree)].map((text) => ({ path, text })));
    expect(all.length).toBeGreaterThan(200);
    const found = all.map(({ path, text }) => ({ path, what: tooNew(text) }));
    expect(found.filter(({ what }) => what.length > 0)).toEqual([]);
  });

  test.each([
    "select any_value(name) from run",
    "select * from json_table(data, '$[*]' columns (a int path '$.a'))",
    "merge into a using b on true when matched then delete returning a.x",
    "select uuidv7()",
    "update run set status = 'x' returning old.status, new.status",
    'create table t (a int, b int generated always as (lower("a"::text)))',
    "set transaction_timeout = 5",
    "select 1_000_000",
    "select data is json from t",
    "select * from (select 1 as a) where a = 1",
    "select * from t, lateral (select t.a from u)",
  ])("would be found: %s", (statement) => {
    expect(tooNew(statement)).not.toEqual([]);
  });

  test.each([
    "create unique index a on b (c) nulls not distinct",
    "merge into a using b on true when matched then delete",
    "create table t (a int, b text generated always as (lower(coalesce(a, '')::text)) stored)",
    "insert into a values (1) returning a.x",
    "select job_1_id, random() from run_2",
    "select extract(epoch from (a - b)) from (select f(1) as a, 2 as b) x left join lateral (select 1) as y on true",
  ])("is not mistaken for it: %s", (statement) => {
    expect(tooNew(statement)).toEqual([]);
  });
});

const withoutComments = (sql: string): string => sql.replace(/--.*$/gm, "");
