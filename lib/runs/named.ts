import type { Database } from "../../db/client";
import { namesOf, type Place } from "../people/queries";
import type { Refusal, Result } from "../result";

/** A refusal whose `by` (a user) and `to` (an assignee of `toType`) are ids, as one that says their names; `byId` keeps the user's id. */
export async function named(db: Database, refusal: Refusal): Promise<Result<never>> {
  const { by, to, toType } = refusal.details ?? {};
  const places: Place[] = [];
  if (typeof by === "string") places.push({ type: "user", id: by });
  if (typeof to === "string" && (toType === "user" || toType === "group" || toType === "queue"))
    places.push({ type: toType, id: to });
  if (places.length === 0) return { ok: false, refusal };
  const names = await namesOf(db, places);
  const nameOf = (id: string | number | undefined) => names[String(id)] ?? "somebody else";
  const details = {
    ...refusal.details,
    ...(by !== undefined && { by: nameOf(by), byId: by }),
    ...(to !== undefined && { to: nameOf(to) }),
  };
  return { ok: false, refusal: { ...refusal, details } };
}
