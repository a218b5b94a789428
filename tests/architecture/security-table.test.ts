import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { nodes, readSource } from "./sources";

/** `tests/security.md`: a row for each requirement, with the tests that fail when it stops holding. */
type Reference = { readonly number: string; readonly path: string; readonly titles: readonly string[] };

const ROW = /^\| (S\d+) \|[^|]*\|(.*)\|$/gm;
const rows = [...readFileSync("tests/security.md", "utf8").matchAll(ROW)].map(([, number = "", told = ""]) => ({
  number,
  told,
}));
const references: Reference[] = rows.flatMap(({ number, told }) =>
  [...told.matchAll(/`([^`]+)`([^`]*)/g)].map(([, path = "", after = ""]) => ({
    number,
    path,
    titles: [...after.matchAll(/\*([^*]+)\*/g)].map(([, title = ""]) => title),
  })),
);

/** The texts of a test file, titles among them; other files as they are. */
function textsOf(path: string): string {
  if (!path.startsWith("tests/")) return readFileSync(path, "utf8");
  const texts: string[] = [];
  for (const node of nodes(readSource(path).tree)) {
    const isTitled = ts.isCallExpression(node) && /^(test|describe)\b/.test(node.expression.getText());
    const [title] = isTitled ? node.arguments : [];
    if (title) texts.push(title.getText());
  }
  return texts.join("\n");
}

/** S20 is told by "S20", "S16, S20" and "S20-S22". */
function tells(text: string, number: string): boolean {
  const wanted = Number(number.slice(1));
  return [...text.matchAll(/S(\d+)(?:-S(\d+))?/g)].some(
    ([, from, to]) => Number(from) <= wanted && wanted <= Number(to ?? from),
  );
}

test("every file that the table names is there", () => {
  expect(references.length).toBeGreaterThan(60);
  expect(references.filter(({ path }) => !existsSync(path))).toEqual([]);
});

test("every reference names a test by its title, or the file says which requirement it is about", () => {
  const hollow = references.filter(({ number, path, titles }) => {
    const isNumber = (title: string) => /^S\d+$/.test(title);
    const texts = textsOf(path);
    return titles.length > 0
      ? !titles.every((title) => (isNumber(title) ? tells(texts, title) : texts.includes(title)))
      : !tells(readFileSync(path, "utf8"), number);
  });
  expect(hollow).toEqual([]);
});

test("every requirement that a test says it is about is in the table, once", () => {
  const numbers = rows.map(({ number }) => number);
  expect(numbers.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))).toEqual([...new Set(numbers)]);
  const below = readdirSync("tests", { recursive: true, encoding: "utf8" });
  const titles = below.filter((path) => path.endsWith(".test.ts")).map((path) => textsOf(join("tests", path)));
  const named = titles.flatMap((text) =>
    [...text.matchAll(/\bS(\d+)\b(?=[:,)\]])/g)].map(([, number]) => `S${number}`),
  );
  const promised = readFileSync("tests/security.md", "utf8");
  expect([...new Set(named)].filter((number) => !tells(promised, number))).toEqual([]);
});
