import { and, eq, inArray, sql } from "drizzle-orm";
import { definition, definitionVersion } from "../../../db/schema/definitions";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { calledBy } from "../../check/check-subflow";
import { isOneAtATime } from "../../engine/find";
import { isAsynchronous } from "../../flow/definition";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Problem, type Result, refuse } from "../../result";
import { askAgain } from "../ask-again";
import { askRoom } from "../ask-room";
import { type Checked, check } from "../check";
import { hash } from "../hash";
import { flowNames } from "../load-world";
import { askRunAs } from "../run-as";
import { type DefinitionBody, definitionSchema } from "../schema";

export type Activated = {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly warnings: readonly Problem[];
};

/**
 * Makes a version the one active version of its definition, after checking it against the world as it is now. A draft's content is
 * written out with every default and hashed, and never changes again. Runs that are under way keep their version (semantics 2.3); those whose conditions ask an evaluation flow ask its new version at once. Of the version that is active already nothing is asked and nothing changes.
 *
 * Refusals: `not-found`, `definition-invalid` with every problem at its path, `run-as-admin`.
 */
export async function activate(
  tx: Tx,
  person: Person,
  input: { name: string; version: number },
): Promise<Result<Activated>> {
  if (!(await mayNow(tx, person, ["definition.activate"]))) return refuse("not-found");
  const { name, version } = input;
  await tx.db
    .select({ name: definition.definitionId })
    .from(definition)
    .where(eq(definition.definitionId, name))
    .for("update");
  const [row] = await tx.db
    .select()
    .from(definitionVersion)
    .where(and(eq(definitionVersion.definitionId, name), eq(definitionVersion.version, version)));
  if (!row) return refuse("not-found");
  if (row.status === "active") return ok({ name, version, hash: row.hash, warnings: [] });

  await holdFlows(tx, row.body);
  const { body, problems, warnings, outside } = await check(tx.db, row.body);
  if (!body || problems.length > 0) return refuse("definition-invalid", { problems });
  const crowded = await askRoom(tx, { name, body });
  if (crowded) return refuse("definition-invalid", { problems: [crowded] });
  const lent = await askRunAs(tx, person, { name, body });
  if (!lent.ok) return lent;

  await tx.db
    .update(definitionVersion)
    .set({ status: "inactive" })
    .where(and(eq(definitionVersion.definitionId, name), eq(definitionVersion.status, "active")));
  const settled = { status: "active" as const, activatedAt: sql`clock_timestamp()` };
  const isFixed = row.firstActivatedAt !== null || row.triedAt !== null;
  const content = isFixed ? {} : { body, hash: hash(body), ...factsOf(body, outside) };
  const first = row.firstActivatedAt ? {} : { firstActivatedAt: sql`clock_timestamp()` };
  await tx.db
    .update(definitionVersion)
    .set({ ...settled, ...content, ...first })
    .where(and(eq(definitionVersion.definitionId, name), eq(definitionVersion.version, version)));
  await tx.db
    .update(definition)
    .set({ activeVersion: version, label: body.label, type: typeOf(body), updatedAt: sql`clock_timestamp()` })
    .where(eq(definition.definitionId, name));
  const isFirst = version === 1 && !isFixed;
  if (!isFirst) await askAgain(tx, { name, type: typeOf(body) });
  await recordSecurityEvent(tx, {
    action: "definition-activate",
    actorId: person.userId,
    objectId: name,
    allowed: true,
    details: { version },
  });
  return ok({ name, version, hash: isFixed ? row.hash : hash(body), warnings });
}

const typeOf = (body: DefinitionBody) => (body.kind === "flow" ? body.type : body.processType);

/** Facts lifted out of the body, which triggers and the audit ask for. */
export function factsOf(body: DefinitionBody, outside: Checked["outside"]) {
  if (body.kind === "flow")
    return {
      triggerObject: null,
      oneOpenRun: false,
      isAsynchronous: isAsynchronous(body),
      readsOutside: outside,
    };
  const { object } = body.start;
  return { triggerObject: object, oneOpenRun: isOneAtATime(body), isAsynchronous: false, readsOutside: null };
}

/** Keeps the flows that are called from being deactivated between the check and the commit; `deactivate` takes the same rows. */
export async function holdFlows(tx: Tx, body: unknown): Promise<void> {
  const parsed = definitionSchema.safeParse(body);
  if (!parsed.success) return;
  const { data } = parsed;
  const names = data.kind === "orchestration" ? flowNames(data) : calledBy(data);
  if (names.length === 0) return;
  await tx.db
    .select({ name: definition.definitionId })
    .from(definition)
    .where(inArray(definition.definitionId, names))
    .orderBy(definition.definitionId)
    .for("share");
}
