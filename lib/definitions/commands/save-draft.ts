import { and, eq, sql } from "drizzle-orm";
import { definition, definitionVersion } from "../../../db/schema/definitions";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { problemsOf } from "../../check/problems-of";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { namesOf } from "../../people/queries";
import { ok, type Result, refuse } from "../../result";
import { hash } from "../hash";
import {
  DEFINITION_TYPES,
  type DefinitionType,
  type DraftHead,
  definitionSchema,
  draftHead,
  MAX_BODY_BYTES,
  MAX_VERSIONS,
} from "../schema";

export type SavedDraft = { readonly name: string; readonly version: number; readonly hash: string };

/**
 * Saves a body as the draft of its definition, making the definition if its name is new. A draft may be incomplete, but it has a kind, a
 * name and a bounded size. One draft a definition: it is overwritten until it is activated or a debug run of it is kept, then the next save begins a new version, unless it says just what the newest version says.
 *
 * `base` is the hash of the version that the author began with: when somebody saved meanwhile the save is refused (`draft-changed`)
 * instead of burying their work. Without one (a file knows nothing of this) a draft of somebody else is not overwritten either: `draft-of-other`
 * with whose it is and the version that was expected to be the newest. Other refusals: `definition-invalid`, `definition-fixed`,
 * `too-many-versions`.
 */
export async function saveDraft(
  tx: Tx,
  person: Person,
  input: { body: unknown; base?: string | null },
): Promise<Result<SavedDraft>> {
  if (!(await mayNow(tx, person, ["definition.edit"]))) return refuse("not-found");
  const parsed = draftHead.safeParse(input.body);
  if (!parsed.success) return refuse("definition-invalid", { problems: problemsOf(parsed.error) });
  const body = parsed.data;
  if (Buffer.byteLength(JSON.stringify(body)) > MAX_BODY_BYTES) {
    return refuse("definition-invalid", {
      problems: [{ path: "", message: `may have at most ${MAX_BODY_BYTES} bytes` }],
    });
  }
  const taken = await take(tx, person, body);
  if (!taken.ok) return taken;
  const saved = await write(tx, person, { body, ...(input.base === undefined ? {} : { base: input.base }) });
  if (saved.ok) {
    await recordSecurityEvent(tx, {
      action: "definition-save",
      actorId: person.userId,
      objectId: body.name,
      allowed: true,
      details: { version: saved.value.version },
    });
  }
  return saved;
}

const isType = (type: unknown): type is DefinitionType => DEFINITION_TYPES.some((known) => known === type);

/** The type that a draft says it has; an incomplete one counts as the commonest of its kind until it is activated. */
function typeOf(body: DraftHead): DefinitionType {
  const said = body.kind === "flow" ? body.type : body.processType;
  return isType(said) ? said : body.kind === "flow" ? "screen" : "orchestrator";
}

/** Makes or locks the definition's row. What it is cannot change once a version of it was active: others call it by that. */
async function take(tx: Tx, person: Person, body: DraftHead): Promise<Result<null>> {
  const type = typeOf(body);
  await tx.db
    .insert(definition)
    .values({
      definitionId: body.name,
      kind: body.kind,
      type,
      label: body.label ?? body.name,
      createdBy: person.userId,
    })
    .onConflictDoNothing();
  const [row] = await tx.db.select().from(definition).where(eq(definition.definitionId, body.name)).for("update");
  if (!row || (row.kind === body.kind && row.type === type)) return ok(null);
  const [active] = await tx.db
    .select({ version: definitionVersion.version })
    .from(definitionVersion)
    .where(and(eq(definitionVersion.definitionId, body.name), sql`${definitionVersion.firstActivatedAt} is not null`))
    .limit(1);
  if (row.kind !== body.kind || active)
    return refuse("definition-fixed", { details: { name: body.name, type: row.type } });
  await tx.db.update(definition).set({ type }).where(eq(definition.definitionId, body.name));
  return ok(null);
}

async function write(
  tx: Tx,
  person: Person,
  { body, base }: { body: DraftHead; base?: string | null },
): Promise<Result<SavedDraft>> {
  const { name } = body;
  const versions = await tx.db
    .select({
      version: definitionVersion.version,
      status: definitionVersion.status,
      hash: definitionVersion.hash,
      savedBy: definitionVersion.savedBy,
      triedAt: definitionVersion.triedAt,
    })
    .from(definitionVersion)
    .where(eq(definitionVersion.definitionId, name))
    .orderBy(sql`${definitionVersion.version} desc`);
  const latest = versions[0];
  if (base !== undefined && base !== (latest?.hash ?? null)) return refuse("draft-changed", { details: { name } });

  if (base === undefined && latest?.status === "draft") {
    if (latest.hash === hash(body)) return ok({ name, version: latest.version, hash: latest.hash });
    if (latest.savedBy !== person.userId)
      return refuse("draft-of-other", { details: await buried(tx, { name, latest, before: versions[1] }) });
  }

  const settled = definitionSchema.safeParse(body);
  if (latest && isFixed(latest) && settled.success && hash(settled.data) === latest.hash)
    return ok({ name, version: latest.version, hash: latest.hash });

  const row = { body, hash: hash(body), savedBy: person.userId, savedAt: sql`clock_timestamp()` };
  await tx.db
    .update(definition)
    .set({
      updatedAt: sql`clock_timestamp()`,
      ...(latest?.status === "draft" && versions.length === 1 && body.label ? { label: body.label } : {}),
    })
    .where(eq(definition.definitionId, name));
  if (latest && !isFixed(latest)) {
    await tx.db
      .update(definitionVersion)
      .set(row)
      .where(and(eq(definitionVersion.definitionId, name), eq(definitionVersion.version, latest.version)));
    return ok({ name, version: latest.version, hash: row.hash });
  }
  if (versions.length >= MAX_VERSIONS) return refuse("too-many-versions", { details: { name, max: MAX_VERSIONS } });
  const version = (latest?.version ?? 0) + 1;
  await tx.db.insert(definitionVersion).values({ ...row, definitionId: name, version });
  return ok({ name, version, hash: row.hash });
}

/** A version that nothing is written into any more. */
const isFixed = ({ status, triedAt }: { status: string; triedAt: Date | null }): boolean =>
  status !== "draft" || triedAt !== null;

type Version = { readonly version: number; readonly hash: string; readonly savedBy: string | null };

/** Whose draft would be lost, and what a save without a base goes on from. */
async function buried(
  tx: Tx,
  { name, latest, before }: { name: string; latest: Version; before: Version | undefined },
): Promise<{ [detail: string]: string | number }> {
  const { version, savedBy } = latest;
  const by = savedBy ? (await namesOf(tx.db, [{ type: "user", id: savedBy }]))[savedBy] : undefined;
  return { name, version, by: by ?? "", ...(before ? { base: before.version, baseHash: before.hash } : {}) };
}
