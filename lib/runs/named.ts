import type { Database } from "../../db/client";
import { namesOf } from "../people/queries";
import type { Refusal, Result } from "../result";

/** A refusal whose `by` is a user's id, with their name as `name` for its sentence. */
export async function named(db: Database, refusal: Refusal): Promise<Result<never>> {
  const by = refusal.details?.by;
  if (typeof by !== "string") return { ok: false, refusal };
  const names = await namesOf(db, [{ type: "user", id: by }]);
  return { ok: false, refusal: { ...refusal, details: { ...refusal.details, name: names[by] ?? "Somebody" } } };
}
