import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

/** The product's source files as the architecture tests see them: path from the root, text, syntax tree, and what each imports. */
export type Source = {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
};
export type Import = { readonly to: string; readonly isPackage: boolean; readonly isTypeOnly: boolean };

const root = join(import.meta.dirname, "../..");
const ROOMS = ["app", "components", "lib", "db", "emails"];
const ROOT_FILES = ["proxy.ts", "instrumentation.ts"];

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return path === "db/migrations" ? [] : walk(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

const exists = (path: string) => {
  try {
    return statSync(join(root, path)).isFile();
  } catch {
    return false;
  }
};

function resolve(from: string, specifier: string): { to: string; isPackage: boolean } {
  const inside = specifier.startsWith("@/")
    ? specifier.slice(2)
    : specifier.startsWith(".")
      ? normalize(join(dirname(from), specifier))
      : null;
  if (inside === null) return { to: specifier, isPackage: true };
  const found = [inside, `${inside}.ts`, `${inside}.tsx`, `${inside}/index.ts`].find(exists);
  return { to: found ?? inside, isPackage: false };
}

function importsOf(path: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      const isTypeOnly = ts.isImportDeclaration(node) ? isTypeImport(node) : node.isTypeOnly;
      found.push({ ...resolve(path, node.moduleSpecifier.text), isTypeOnly });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) found.push({ ...resolve(path, argument.text), isTypeOnly: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isTypeImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    !clause.name &&
    !!names &&
    ts.isNamedImports(names) &&
    names.elements.length > 0 &&
    names.elements.every((e) => e.isTypeOnly)
  );
}

export function readSource(path: string, text = readFileSync(join(root, path), "utf8")): Source {
  const tree = ts.createSourceFile(
    path,
    text,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  return { path, text, tree, imports: importsOf(path, tree) };
}

export const sources: readonly Source[] = [...ROOMS.flatMap(walk), ...ROOT_FILES.filter(exists)].map((path) =>
  readSource(path),
);

/** Every node of a tree, depth first; comments are none. */
export function* nodes(node: ts.Node): Generator<ts.Node> {
  if (ts.isJSDoc(node)) return;
  yield node;
  for (const child of node.getChildren()) yield* nodes(child);
}

/** The text without comments and string contents, so that words in prose are not taken for code. */
export function codeOf({ tree }: Source): string {
  const parts: string[] = [];
  for (const node of nodes(tree)) {
    if (node.getChildCount() > 0) continue;
    const isText =
      ts.isStringLiteral(node) ||
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node) ||
      ts.isJsxText(node);
    parts.push(isText ? '""' : node.getText());
  }
  return parts.filter(Boolean).join(" ");
}

/** The nouns of lib/, lowest first: each knows only those before it. */
export const NOUNS = [
  "audit",
  "people",
  "records",
  "definitions",
  "connect",
  "notify",
  "interviews",
  "runs",
  "work",
  "approvals",
];
