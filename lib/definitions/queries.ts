import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { definition, definitionVersion } from "../../db/schema/definitions";
import type { ReadsOutside } from "../check/reads-outside";
import type { Orchestration } from "../engine/definition";
import type { PinnedFlow } from "../engine/state";
import type { Flow } from "../flow/definition";
import { hash } from "./hash";
import { definitionSchema } from "./schema";

/**
 * What runs and records ask of definitions. Everything here is about versions that were activated, so their content never changes:
 * a body is parsed once and kept in memory under its hash (content decides, so an activation that is rolled back leaves nothing wrong).
 */
export type Pinned<Body> = {
  readonly definitionId: string;
  readonly version: number;
  readonly hash: string;
  readonly body: Body;
};

/** Parsed bodies kept in memory; the oldest read leaves first. */
const MAX_CACHED = 500;
const bodies = new Map<string, Orchestration | Flow>();

function remember(hash: string, body: Orchestration | Flow): Orchestration | Flow {
  bodies.delete(hash);
  bodies.set(hash, body);
  const oldest = bodies.keys().next();
  if (bodies.size > MAX_CACHED && !oldest.done) bodies.delete(oldest.value);
  return body;
}

type Head = { definitionId: string; version: number; hash: string };

async function withBodies(db: Database, heads: readonly Head[]): Promise<Pinned<Orchestration | Flow>[]> {
  const missing = heads.filter((head) => !bodies.has(head.hash));
  if (missing.length > 0) {
    const rows = await db
      .select({ hash: definitionVersion.hash, body: definitionVersion.body })
      .from(definitionVersion)
      .where(
        inArray(
          sql`(${definitionVersion.definitionId}, ${definitionVersion.version})`,
          missing.map((head) => sql`(${head.definitionId}, ${head.version}::int)`),
        ),
      );
    for (const row of rows) {
      // What was activated is run, or nothing: a row that somebody wrote past the program is no definition (S76).
      if (hash(row.body) !== row.hash) throw new Error("a version of a definition is not what was activated");
      remember(row.hash, definitionSchema.parse(row.body));
    }
  }
  return heads.flatMap((head) => {
    const body = bodies.get(head.hash);
    return body ? [{ ...head, body: remember(head.hash, body) }] : [];
  });
}

const head = {
  definitionId: definitionVersion.definitionId,
  version: definitionVersion.version,
  hash: definitionVersion.hash,
};

/** The active version of a definition, or null: no such name, or none is active. */
export async function activeVersion(db: Database, name: string): Promise<Pinned<Orchestration | Flow> | null> {
  const heads = await db.$client<Head[]>`
    select definition_id as "definitionId", version, hash from definition_version
    where definition_id = ${name} and status = 'active' limit 1`;
  return (await withBodies(db, heads))[0] ?? null;
}

/** Versions that were activated or tried and committed, which never change again, by name and number. */
const settled = new Map<string, Head>();
const MAX_SETTLED = 5_000;

async function settledHead(db: Database, name: string, version: number): Promise<Head | undefined> {
  const key = `${name} ${version}`;
  const known = settled.get(key);
  if (known) return known;
  // What was activated before this transaction began and can be seen is committed; what it activated itself may be rolled back.
  const [row] = await db.$client<(Head & { isSettled: boolean })[]>`
    select definition_id as "definitionId", version, hash, coalesce(first_activated_at, tried_at) < now() as "isSettled" from definition_version
    where definition_id = ${name} and version = ${version} and coalesce(first_activated_at, tried_at) is not null`;
  if (!row) return undefined;
  const { isSettled, ...head } = row;
  if (settled.size >= MAX_SETTLED) settled.clear();
  if (isSettled) settled.set(key, head);
  return head;
}

/** A version that is or was active, or a draft that a debug run is pinned to; null when there is none. Other drafts are not given. */
export async function versionOf(
  db: Database,
  name: string,
  version: number,
): Promise<Pinned<Orchestration | Flow> | null> {
  const head = await settledHead(db, name, version);
  return head ? ((await withBodies(db, [head]))[0] ?? null) : null;
}

/** Whether a version is or was active: only such a one is started by anything but a debug run. */
export async function wasActivated(db: Database, name: string, version: number): Promise<boolean> {
  const [row] = await db
    .select({ at: definitionVersion.firstActivatedAt })
    .from(definitionVersion)
    .where(and(eq(definitionVersion.definitionId, name), eq(definitionVersion.version, version)));
  return row?.at != null;
}

/** As `versionOf`, for what must be an orchestration or approval process. */
export async function orchestrationVersion(
  db: Database,
  name: string,
  version: number,
): Promise<Pinned<Orchestration> | null> {
  const found = await versionOf(db, name, version);
  return found?.body.kind === "orchestration" ? { ...found, body: found.body } : null;
}

/** As `versionOf`, for what must be a flow. */
export async function flowVersion(db: Database, name: string, version: number): Promise<Pinned<Flow> | null> {
  const found = await versionOf(db, name, version);
  return found?.body.kind === "flow" ? { ...found, body: found.body } : null;
}

/** The active versions of these names, with their bodies; names without one are left out. */
export async function activeBodies(db: Database, names: readonly string[]): Promise<Pinned<Orchestration | Flow>[]> {
  if (names.length === 0) return [];
  const heads = await db
    .select(head)
    .from(definitionVersion)
    .where(and(inArray(definitionVersion.definitionId, [...names]), eq(definitionVersion.status, "active")));
  return withBodies(db, heads);
}

/** The active version of each flow that has one, by name, and its label; what a stage pins its steps to. Bounded by the names given. */
export async function activeFlows(
  db: Database,
  names: readonly string[],
): Promise<Record<string, PinnedFlow & { readonly label: string; readonly outside: ReadsOutside | null }>> {
  if (names.length === 0) return {};
  type Row = PinnedFlow & { readonly name: string; readonly label: string; readonly outside: ReadsOutside | null };
  const rows = await db.$client<Row[]>`
    select v.definition_id as name, v.version, v.is_asynchronous as "isAsynchronous", d.label, v.reads_outside as outside
    from definition_version v join definition d using (definition_id)
    where v.definition_id = any(${[...names]}) and v.status = 'active' and d.kind = 'flow'`;
  return Object.fromEntries(rows.map(({ name, ...pinned }) => [name, pinned]));
}

/** Orchestrations that the page for starting them offers. */
const MAX_ORCHESTRATIONS = 500;
/** All of an object: activation keeps them to `MAX_ACTIVE_ON_OBJECT`. */
async function activeOn(db: Database, object: string): Promise<Pinned<Orchestration>[]> {
  const heads = await db
    .select(head)
    .from(definitionVersion)
    .where(and(eq(definitionVersion.triggerObject, object), eq(definitionVersion.status, "active")))
    .orderBy(definitionVersion.definitionId);
  return (await withBodies(db, heads)).flatMap((found) =>
    found.body.kind === "orchestration" ? [{ ...found, body: found.body }] : [],
  );
}

/** The active autolaunched orchestrations whose runs are about no record, in the order of their names. */
export async function startableAlone(db: Database): Promise<Pinned<Orchestration>[]> {
  const names = await db
    .select({ name: definition.definitionId })
    .from(definition)
    .innerJoin(
      definitionVersion,
      and(eq(definitionVersion.definitionId, definition.definitionId), eq(definitionVersion.status, "active")),
    )
    .where(and(eq(definition.kind, "orchestration"), isNull(definitionVersion.triggerObject)))
    .orderBy(definition.definitionId)
    .limit(MAX_ORCHESTRATIONS);
  const found = await Promise.all(names.map(({ name }) => activeVersion(db, name)));
  return found.flatMap((pinned) => {
    if (pinned?.body.kind !== "orchestration") return [];
    const { start, processType } = pinned.body;
    const isAlone = start.type === "autolaunched" && start.object === null && processType === "orchestrator";
    return isAlone ? [{ ...pinned, body: pinned.body }] : [];
  });
}

/** The active record-triggered orchestrations of an object, in the order of their names. */
export async function triggersOf(db: Database, object: string): Promise<Pinned<Orchestration>[]> {
  return (await activeOn(db, object)).filter(({ body }) => body.start.type === "record_triggered");
}

/** What a person may start from a record's page: active autolaunched orchestrations about its object, approval processes apart. */
export async function startableOn(
  db: Database,
  object: string,
): Promise<{ orchestrations: Pinned<Orchestration>[]; approvals: Pinned<Orchestration>[] }> {
  const startable = (await activeOn(db, object)).filter(({ body }) => body.start.type === "autolaunched");
  return {
    orchestrations: startable.filter(({ body }) => body.processType === "orchestrator"),
    approvals: startable.filter(({ body }) => body.processType === "approval"),
  };
}
