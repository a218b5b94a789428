import { and, eq, sql } from "drizzle-orm";
import { interview } from "../../../db/schema/work";
import type { Tx } from "../../../db/transaction";
import { flowVersion } from "../../definitions/queries";
import { elementNamed, type Values } from "../../flow/interview";
import { sameValue } from "../../logic/compare";
import type { Person } from "../../people/current-person";
import { ok, type Result, refuse } from "../../result";
import type { DraftAnswer, DraftInput } from "../schema";
import { stateOf } from "../show-screen";

/**
 * Keeps what a person has typed so far, unchecked. It is theirs alone and stays whatever becomes of the item: reassigned, done by somebody
 * else, cancelled. A save that was made from an older draft than the stored one writes nothing and is given what is stored;
 * where both say the same there is nothing to choose, and it counts as saved: a page that is left while it saves asks again when it is back.
 *
 * Refusals: `not-found` (no such interview, or another person's), `interview-finished` and `screen-moved` (it was sent
 * meanwhile, by another tab: nothing is left to keep).
 */
export async function saveDraft(tx: Tx, person: Person, input: DraftInput): Promise<Result<DraftAnswer>> {
  const own = and(eq(interview.interviewId, input.interviewId), eq(interview.userId, person.userId));
  const [row] = await tx.db.select().from(interview).where(own).for("update");
  if (!row) return refuse("not-found");
  if (row.status === "finished") return refuse("interview-finished");
  if (stateOf(row).at !== input.screen) return refuse("screen-moved");
  if (row.draftVersion !== input.draftVersion) {
    const { draft, draftVersion, draftSavedAt, updatedAt } = row;
    const stored = { draftVersion, savedAt: (draftSavedAt ?? updatedAt).toISOString() };
    if (draft && saysTheSame(draft, input.values)) return ok({ type: "saved", ...stored });
    return ok({ type: "conflict", values: draft ?? {}, ...stored });
  }
  const [saved] = await tx.db
    .update(interview)
    .set({
      draft: input.values,
      draftVersion: row.draftVersion + 1,
      draftSavedAt: sql`clock_timestamp()`,
      updatedAt: sql`clock_timestamp()`,
    })
    .where(own)
    .returning({ draftVersion: interview.draftVersion, draftSavedAt: interview.draftSavedAt });
  if (!saved?.draftSavedAt) throw new Error("the draft was not written");
  return ok({ type: "saved", draftVersion: saved.draftVersion, savedAt: saved.draftSavedAt.toISOString() });
}

/** A field that was never touched is the same as an empty one. */
const saysTheSame = (one: Values, other: Values): boolean =>
  Object.keys({ ...one, ...other }).every((name) => sameValue(one[name] ?? null, other[name] ?? null));

/**
 * Keeps what was sent to an item that could not take it any more: it is the newest that the person typed at that screen. Where the interview
 * has gone on to another one meanwhile, it is shown again when they go back. The draft's count stays, so that the form it came from may go
 * on saving.
 */
export async function keepTyped(
  tx: Tx,
  person: Person,
  { interviewId, screen, values }: Pick<DraftInput, "interviewId" | "screen" | "values">,
): Promise<Result<null>> {
  const own = and(eq(interview.interviewId, interviewId), eq(interview.userId, person.userId));
  const [row] = await tx.db.select().from(interview).where(own).for("update");
  if (!row || row.status === "finished") return ok(null);
  const state = stateOf(row);
  const flow = await flowVersion(tx.db, row.flowName, row.flowVersion);
  if (!flow || elementNamed(flow.body, screen)?.type !== "screen") return ok(null);
  const kept =
    state.at === screen
      ? { draft: values, draftSavedAt: sql`clock_timestamp()` }
      : { state: { ...state, answers: { ...state.answers, [screen]: values } } };
  await tx.db
    .update(interview)
    .set({ ...kept, updatedAt: sql`clock_timestamp()` })
    .where(own);
  return ok(null);
}
