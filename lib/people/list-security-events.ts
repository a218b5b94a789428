import type { Database } from "../../db/client";
import type { Page } from "../../db/page";
import { listSecurityEvents, type SecurityEventRow } from "../audit/queries";
import type { SecurityEventLine, SecurityFilter } from "../audit/schema";
import { type IdKind, isId } from "../ids";
import { textOf } from "../logic/text-of";
import type { Value } from "../logic/value";
import { namesOf, type Place } from "./queries";

const PLACES = ["user", "group", "queue"] as const satisfies readonly IdKind[];

const placeOf = (id: string | null): Place[] => {
  const type = id === null ? undefined : PLACES.find((kind) => isId(kind, id));
  return id !== null && type ? [{ type, id }] : [];
};

/** A page of security events, newest first, with the names of the people and places in them. The caller has asked the gate. */
export async function securityEventLines(
  db: Database,
  { action, actor, refused, cursor }: SecurityFilter,
): Promise<Page<SecurityEventLine>> {
  const page = await listSecurityEvents(db, {
    ...(action ? { action } : {}),
    ...(actor ? { actorId: actor.slice("user:".length) } : {}),
    ...(refused ? { allowed: false } : {}),
    cursor: cursor ?? null,
  });
  const names = await namesOf(
    db,
    page.rows.flatMap(({ actorId, objectId }) => [...placeOf(actorId), ...placeOf(objectId)]),
  );
  return { next: page.next, rows: page.rows.map((row) => lineOf(row, (id) => names[id] ?? id)) };
}

function lineOf(row: SecurityEventRow, nameOf: (id: string) => string): SecurityEventLine {
  const { eventId, seq, at, action, actorId, objectId, allowed, details } = row;
  return {
    ...{ eventId, seq, action, allowed },
    at: at.toISOString(),
    actorName: actorId === null ? null : nameOf(actorId),
    object: objectId === null ? null : nameOf(objectId),
    details: Object.entries(details as { readonly [name: string]: Value })
      .map(([name, value]) => `${name}: ${textOf(value)}`)
      .join(", "),
  };
}
