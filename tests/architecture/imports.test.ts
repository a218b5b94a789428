import { expect, test } from "vitest";
import { NOUNS, readSource, type Source, sources } from "./sources";

/** Who may import whom: the table of ARCHITECTURE.md, with no list of exceptions. */
const PURE: Record<string, { rooms: string[]; packages: string[] }> = {
  logic: { rooms: [], packages: ["zod"] },
  engine: { rooms: ["logic"], packages: ["zod"] },
  flow: { rooms: ["logic"], packages: ["zod"] },
  check: { rooms: ["logic", "engine", "flow"], packages: ["zod"] },
  salesforce: { rooms: ["logic", "engine", "flow", "check"], packages: ["zod", "fast-xml-parser"] },
};
/** Above the nouns, in order. */
const ABOVE = ["worker", "launch"];
const REQUEST_FACING = ["loaders", "actions"];

const partsOf = (path: string) => path.split("/");
const libRoom = (path: string) => {
  const [top, room, file] = partsOf(path);
  return top === "lib" && file ? (room ?? null) : null;
};
/** `loaders` of `lib/runs/loaders.ts` and of `lib/runs/loaders/run-page.ts`. */
const role = (path: string) => partsOf(path)[2]?.replace(/\.tsx?$/, "") ?? "";
const isPolicy = (path: string) => role(path) === "policy";

function forbidden(source: Source): string[] {
  const complaints: string[] = [];
  const from = libRoom(source.path);
  const top = partsOf(source.path)[0] ?? "";
  for (const { to, isPackage, isTypeOnly } of source.imports) {
    const say = (why: string) => complaints.push(`${source.path} → ${to}: ${why}`);
    const pure = from ? PURE[from] : undefined;
    if (pure) {
      if (isPackage && !pure.packages.includes(to)) say("a pure room names only its listed packages");
      if (!isPackage && !(libRoom(to) === from || pure.rooms.includes(libRoom(to) ?? "") || to === "lib/result.ts"))
        say("a pure room knows only the pure rooms before it");
      continue;
    }
    if (isPackage) {
      if (to === "postgres" && source.path !== "db/client.ts" && !isTypeOnly)
        say("only db/client.ts makes a connection");
      continue;
    }
    const target = libRoom(to);
    const toTop = partsOf(to)[0] ?? "";
    if (from && NOUNS.includes(from)) {
      if (target && NOUNS.includes(target) && NOUNS.indexOf(target) > NOUNS.indexOf(from)) say("nothing points up");
      if (target && ABOVE.includes(target)) say("a noun does not know the worker or the launch");
      if (toTop === "app" || toTop === "components") say("lib does not know pages");
      if (target && target !== from && isPolicy(to) && !isTypeOnly)
        say("other nouns' policies are asked through lib/gate.ts");
      if (
        ["queries", "commands", "schema", "policy", "keys"].includes(role(source.path)) &&
        REQUEST_FACING.includes(role(to))
      )
        say("the core does not know who is asking");
      if (role(source.path) === "queries" && role(to) === "commands") say("queries do not write");
    }
    if (
      top === "lib" &&
      !from &&
      source.path !== "lib/gate.ts" &&
      target &&
      NOUNS.includes(target) &&
      !["audit", "people"].includes(target) &&
      !isTypeOnly
    )
      say("the root of lib knows only audit and people");
    if (top === "lib" && (toTop === "app" || toTop === "components")) say("lib does not know pages");
    if (
      top === "db" &&
      toTop !== "db" &&
      !isTypeOnly &&
      !/^lib\/(env|ids|clock|log|result)\.ts$/.test(to) &&
      !source.path.startsWith("db/seed/")
    )
      say("the database knows the types of what it stores");
    if (top === "emails" && (toTop === "app" || target !== null)) say("mails are given everything");
    if (top === "components") {
      if (toTop === "db" || toTop === "app") say("components know actions and shapes");
      if (target && NOUNS.includes(target) && !isTypeOnly && !["actions", "schema", "keys"].includes(role(to)))
        say("components know actions and shapes");
    }
    if (top === "app") {
      if (toTop === "db" && !isTypeOnly) say("a page holds no SQL");
      if (target && ["engine", "flow"].includes(target) && !isTypeOnly && to !== "lib/engine/status.ts")
        say("a page holds no engine");
      if (target && NOUNS.includes(target) && ["queries", "commands", "policy"].includes(role(to)) && !isTypeOnly)
        say("a page knows loaders and actions");
    }
  }
  return complaints;
}

test("every import goes the way that the architecture allows", () => {
  expect(sources.flatMap(forbidden)).toEqual([]);
});

test("an import that points up would be found", () => {
  expect(forbidden(readSource("lib/records/queries.ts", 'import { dispatch } from "../runs/dispatch";'))).toHaveLength(
    1,
  );
  expect(forbidden(readSource("lib/engine/decide.ts", 'import { db } from "../../db/client";'))).toHaveLength(1);
  expect(forbidden(readSource("app/x/page.tsx", 'import { db } from "@/db/client";'))).toHaveLength(1);
  expect(forbidden(readSource("components/x/a.tsx", 'import { f } from "@/lib/runs/queries";'))).toHaveLength(1);
});

test("nouns form no circle", () => {
  const edges = new Map<string, Set<string>>();
  for (const source of sources) {
    const from = libRoom(source.path);
    if (!from) continue;
    for (const { to } of source.imports) {
      const target = libRoom(to);
      if (target && target !== from) edges.set(from, (edges.get(from) ?? new Set()).add(target));
    }
  }
  const circle = (room: string, trail: string[]): string[] | null => {
    if (trail.includes(room)) return [...trail, room];
    for (const next of edges.get(room) ?? []) {
      const found = circle(next, [...trail, room]);
      if (found) return found;
    }
    return null;
  };
  expect([...edges.keys()].map((room) => circle(room, [])).find(Boolean) ?? null).toBeNull();
});
