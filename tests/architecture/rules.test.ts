import ts from "typescript";
import { describe, expect, test } from "vitest";
import { codeOf, NOUNS, nodes, type Source, sources } from "./sources";

const at = (source: Source, node: ts.Node) =>
  `${source.path}:${source.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
const isPure = ({ path }: Source) => /^lib\/(logic|engine|flow|check|salesforce)\//.test(path);
const withCode = sources.map((source) => ({ source, code: codeOf(source) }));
const filesWith = (pattern: RegExp) =>
  withCode.filter(({ code }) => pattern.test(code)).map(({ source }) => source.path);

describe("purity", () => {
  test("pure rooms have no clock, randomness, I/O or waiting", () => {
    const impure = /\bDate \. now\b|\bnew Date \( \)|\bMath \. random\b|\basync\b|\bawait\b|\bfetch \(|\bprocess \./;
    expect(
      withCode.filter(({ source, code }) => isPure(source) && impure.test(code)).map(({ source }) => source.path),
    ).toEqual([]);
  });
});

describe("one door", () => {
  test("connections are made in db/client.ts alone", () => {
    expect(filesWith(/(?<!\. )\bpostgres \(/)).toEqual(["db/client.ts"]);
  });
  test("transactions are opened in db/transaction.ts alone", () => {
    expect(filesWith(/\. (begin|transaction|reserve) \(/)).toEqual([]);
    const begins = sources.filter(({ text }) => /unsafe\("(begin|commit)/.test(text)).map(({ path }) => path);
    expect(begins).toEqual(["db/transaction.ts"]);
  });
  test("links are made in components/ui/link.tsx alone, which fetches nothing ahead that nobody points at", () => {
    const makers = sources
      .filter(({ imports }) => imports.some(({ to }) => to === "next/link"))
      .map(({ path }) => path);
    expect(makers).toEqual(["components/ui/link.tsx"]);
  });
  test("the environment is read in lib/env.ts alone, and by the launcher that makes it", () => {
    expect(
      filesWith(/\bprocess \. env\b/).filter(
        (path) => !path.startsWith("lib/launch/") && path !== "instrumentation.ts",
      ),
    ).toEqual(["lib/env.ts"]);
  });
  test("the wall clock is read in lib/clock.ts alone", () => {
    expect(filesWith(/\bnew Date \( \)|\bDate \. now \(/)).toEqual(["lib/clock.ts"]);
  });
  test("decide is called in one place", () => {
    const callers = sources.filter(({ imports }) =>
      imports.some(({ to, isTypeOnly }) => to === "lib/engine/decide.ts" && !isTypeOnly),
    );
    expect(callers.map(({ path }) => path)).toEqual(["lib/runs/dispatch.ts"]);
  });
  test("nothing is random but by crypto", () => {
    expect(filesWith(/\bMath \. random\b/)).toEqual([]);
  });
});

describe("secrets", () => {
  const KEPT = "secret|signature|bearer|token|password";
  /** Whether it is there, what type it has and whether it is some word that is written here may be asked. */
  const comparing = (words: string) => {
    const secret = `\\w*(?:${words})\\w*`;
    const known = "null\\b|undefined\\b|[\"'`]";
    return new RegExp(
      `(?<!typeof (?:\\w+ \\??\\. )*)\\b${secret} [!=]== (?!${known})|[!=]== (?:\\w+ (?:\\?\\.|\\.) )*${secret}\\b(?! (?:\\?\\.|\\.))`,
      "i",
    );
  };
  const COMPARED = comparing(KEPT);
  /** Where a hash or digest is of somebody's secret; elsewhere it is of what anybody may read: a version, a line of history, a file. */
  const OF_SECRETS = /^(lib\/(people|connect|notify|launch\/(secrets|reply-door)|route|action)|app)\b/;
  const HASHED = comparing(`${KEPT}|hash|digest`);
  test("secrets, tokens, passwords and their hashes are compared in constant time, never with ===", () => {
    // A token of the pure rooms is a word of a text.
    const compared = withCode.filter(({ source, code }) => !isPure(source) && COMPARED.test(code));
    const hashed = withCode.filter(({ source, code }) => OF_SECRETS.test(source.path) && HASHED.test(code));
    expect([...compared, ...hashed].map(({ source }) => source.path)).toEqual([]);
  });
  test.each([
    "secret === given",
    "row . secretHash !== hash",
    "given === row . signature",
    "token === given",
    "given !== row ?. token",
    "row . tokenHash === hash",
    "cookie . token !== expected",
  ])("%s is such a comparison", (code) => expect(COMPARED.test(code)).toBe(true));
  test.each(["hash === given", "row . hash !== hashOf ( given )", "digest !== row . digest"])(
    "%s is one where secrets are kept",
    (code) => expect(HASHED.test(code)).toBe(true),
  );
  test.each(["token === null", "token !== undefined", 'typeof token === "string"', "no !== token . assignmentNo"])(
    "%s is none",
    (code) => expect(HASHED.test(code)).toBe(false),
  );
});

describe("vocabulary", () => {
  const NEVER = /^(utils?|helpers?|common|types?|misc|index|constants)\b/;
  test("no file is called utils, helpers, common, types or index", () => {
    const named = sources.filter(
      ({ path }) =>
        NEVER.test(path.split("/").at(-1) ?? "") && !["db/schema/index.ts", "db/seed/index.ts"].includes(path),
    );
    expect(named.map(({ path }) => path)).toEqual([]);
  });
  test("a deed exports one function of its name", () => {
    const WORDS = new Set(["schema", "policy", "queries", "commands", "loaders", "actions", "keys"]);
    const wrong = sources.flatMap((source) => {
      const [top, room, file, deeper] = source.path.split("/");
      if (top !== "lib" || !room || !NOUNS.includes(room) || !file || deeper) return [];
      const name = file.replace(/\.tsx?$/, "");
      if (WORDS.has(name)) return [];
      return exportedNames(source).length === 0 ? [`${source.path} exports nothing`] : [];
    });
    expect(wrong).toEqual([]);
  });
});

function exportedNames(source: Source): string[] {
  return source.tree.statements.flatMap((statement) => {
    if (
      !ts.canHaveModifiers(statement) ||
      !ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword)
    )
      return [];
    if (ts.isFunctionDeclaration(statement)) return statement.name ? [statement.name.text] : [];
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((d) => d.name.getText());
    return [];
  });
}

describe("sizes", () => {
  const lines = (source: Source) => source.text.split("\n").length - 1;
  test("no file is over 300 lines", () => {
    expect(sources.filter((s) => lines(s) > 300).map((s) => `${s.path}: ${lines(s)}`)).toEqual([]);
  });
  test("the median file is at most 100 lines", () => {
    const sorted = sources.map(lines).sort((a, b) => a - b);
    expect(sorted[sorted.length >> 1]).toBeLessThanOrEqual(100);
  });
  test("a function fits a screen: at most 60 lines (a component 100)", () => {
    const long = sources.flatMap((source) =>
      [...nodes(source.tree)].filter(isFunction).flatMap((node) => {
        const first = source.tree.getLineAndCharacterOfPosition(node.getStart()).line;
        const last = source.tree.getLineAndCharacterOfPosition(node.getEnd()).line;
        const bound = source.path.endsWith(".tsx") ? 100 : 60;
        return last - first + 1 > bound ? [`${at(source, node)} (${last - first + 1} lines)`] : [];
      }),
    );
    expect(long).toEqual([]);
  });
  test("a function takes at most three parameters", () => {
    const wide = sources.flatMap((source) =>
      [...nodes(source.tree)]
        .filter(isFunction)
        .filter((node) => node.parameters.length > 3)
        .map((node) => at(source, node)),
    );
    expect(wide).toEqual([]);
  });
});

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  (ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node)) &&
  !!node.body;

describe("no escape", () => {
  test("no any, no non-null assertion, no suppressed check, no promise for later", () => {
    const found = sources.flatMap((source) => {
      const kinds = [...nodes(source.tree)]
        .filter((n) => n.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(n))
        .map((n) => at(source, n));
      const words = /@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable|\bTODO\b|\bFIXME\b|\bXXX\b/.test(
        source.text,
      )
        ? [source.path]
        : [];
      return [...kinds, ...words];
    });
    expect(found).toEqual([]);
  });
  test("nothing is printed but by the log and the launcher", () => {
    expect(filesWith(/\bconsole \./).filter((path) => !path.startsWith("lib/launch/"))).toEqual([]);
  });
  test("HTML is never set from text", () => {
    expect(filesWith(/\bdangerouslySetInnerHTML\b/)).toEqual([]);
  });
  test("nothing is evaluated", () => {
    expect(filesWith(/\beval \(|\bnew Function\b/)).toEqual([]);
    expect(
      sources
        .filter(({ imports }) => imports.some(({ to }) => to === "node:vm" || to === "vm"))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

describe("actions", () => {
  const servers = sources.filter(({ text }) => /^["']use server["']/m.test(text));
  test("there are some", () => expect(servers.length).toBeGreaterThan(0));
  test("every export of a 'use server' file is made by action()", () => {
    const wrong = servers.flatMap((source) =>
      source.tree.statements.flatMap((statement) => {
        if (
          !ts.canHaveModifiers(statement) ||
          !ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword)
        )
          return [];
        if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) return [];
        const isAction =
          ts.isVariableStatement(statement) &&
          statement.declarationList.declarations.every(
            (d) =>
              d.initializer &&
              ts.isCallExpression(d.initializer) &&
              /^action\b/.test(d.initializer.expression.getText()),
          );
        return isAction ? [] : [at(source, statement)];
      }),
    );
    expect(wrong).toEqual([]);
  });
  test("no function carries an inline 'use server'", () => {
    const inline = sources.filter(({ text }) => /\n\s+["']use server["']/.test(text)).map(({ path }) => path);
    expect(inline).toEqual([]);
  });
  test("route handlers are made by route() or are the listed doors", () => {
    const DOORS = [
      "app/api/auth/[...nextauth]/route.ts",
      "app/api/v1/events/[source]/route.ts",
      "app/api/health/route.ts",
      "app/livez/route.ts",
      "app/readyz/route.ts",
    ];
    const bare = sources
      .filter(
        ({ path, text }) =>
          path.startsWith("app/") && path.endsWith("/route.ts") && !DOORS.includes(path) && !/= route\(/.test(text),
      )
      .map(({ path }) => path);
    expect(bare).toEqual([]);
  });
});
