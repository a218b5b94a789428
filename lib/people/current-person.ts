import { sql } from "drizzle-orm";
import { cache } from "react";
import { type Database, db } from "../../db/client";
import { type Around, aroundColumns } from "./around";
import { type StandsFor, withPlaces } from "./delegation/stands-for";
import { type PersonRow, sortedPlaces } from "./queries";
import { type SessionState, sessionIdOf, sessionState, touch } from "./sign-in/read-session";

/** Who asks, as every policy, action and loader sees them: read from the database at this request. */
export type Person = {
  readonly userId: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly role: "member" | "author" | "manager" | "admin";
  /** IANA name; null: the browser's. */
  readonly timeZone: string | null;
  /** Null when a token or Baton itself stands for the person. */
  readonly sessionId: string | null;
  /** Null: everything the person may. A list: what the bearer token was given, at most. */
  readonly scopes: readonly string[] | null;
  /** Ids of all groups the person belongs to, through nesting too, and of queues the person may take work from. */
  readonly groups: readonly string[];
  readonly queues: readonly string[];
  /** In whose place the person decides approvals at this moment. */
  readonly standsFor: readonly StandsFor[];
};

type Row = Omit<PersonRow, "managerId" | "createdAt"> & Around;
type Stand = { readonly sessionId?: string; readonly scopes?: readonly string[] };

/** Of "user", with what is around them: asked at every request, so it is one question. */
const columns = sql`"user".user_id as "userId", "user".kind, "user".username, "user".email, "user".name, "user".role, "user".active,
  "user".time_zone as "timeZone", ${aroundColumns(sql`"user".user_id`)}`;

async function personIn(database: Database, row: Row | undefined, stand: Stand): Promise<Person | null> {
  if (!row?.active || row.kind !== "person") return null;
  const { userId, username, name, email, role, timeZone, places, chains } = row;
  return {
    ...{ userId, username, name, email, role, timeZone },
    sessionId: stand.sessionId ?? null,
    scopes: stand.scopes ?? null,
    ...sortedPlaces(places),
    standsFor: await withPlaces(database, chains),
  };
}

/**
 * An active person by id, with their places, or null. `stand` says what stands for them: a session, or a token and its scopes; neither
 * for the worker and tests.
 */
export async function personById(database: Database, userId: string, stand: Stand = {}): Promise<Person | null> {
  const [row] = await database.execute<Row>(sql`select ${columns} from "user" where "user".user_id = ${userId}`);
  return personIn(database, row, stand);
}

/**
 * The person of this request's session, or null. The cookie only names the session: its row decides, so that a session ended a moment
 * ago is ended (S12, S14). Asked once a request.
 */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const { cookies } = await import("next/headers");
  const sessionId = await sessionIdOf(await cookies());
  if (!sessionId) return null;
  const [row] = await db().execute<Row & SessionState>(sql`
    select ${columns}, ${sessionState} from "session" join "user" using (user_id) where "session".session_id = ${sessionId}`);
  if (!row?.isOpen) return null;
  if (row.isUnseen) await touch(sessionId);
  return personIn(db(), row, { sessionId });
});

/** The person of this request; without one the page leads to sign-in and comes back afterwards. For pages and loaders. */
export async function requirePerson(): Promise<Person> {
  const person = await currentPerson();
  if (person) return person;
  const [{ headers }, { redirect }] = await Promise.all([import("next/headers"), import("next/navigation")]);
  const path = (await headers()).get("x-baton-path");
  return redirect(path && path !== "/" ? `/sign-in?next=${encodeURIComponent(path)}` : "/sign-in");
}
