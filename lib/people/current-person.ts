import { cache } from "react";
import { type Database, db } from "../../db/client";
import { type StandsFor, standsFor } from "./delegation/stands-for";
import { findPerson, placesOf } from "./queries";
import { readSession } from "./sign-in/read-session";

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

/**
 * An active person by id, with their places, or null. `stand` says what stands for them: a session, or a token and its scopes; neither
 * for the worker and tests.
 */
export async function personById(
  database: Database,
  userId: string,
  stand: { sessionId?: string; scopes?: readonly string[] } = {},
): Promise<Person | null> {
  const [row, places, others] = await Promise.all([
    findPerson(database, userId),
    placesOf(database, userId),
    standsFor(database, userId),
  ]);
  if (!row?.active || row.kind !== "person") return null;
  const { username, name, email, role, timeZone } = row;
  return {
    userId: row.userId,
    username,
    name,
    email,
    role,
    timeZone,
    sessionId: stand.sessionId ?? null,
    scopes: stand.scopes ?? null,
    ...places,
    standsFor: others,
  };
}

/**
 * The person of this request's session, or null. The cookie only names the session: its row decides, so that a session ended a moment
 * ago is ended (S12, S14). Asked once a request.
 */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const { cookies } = await import("next/headers");
  const session = await readSession(await cookies());
  return session ? personById(db(), session.userId, { sessionId: session.sessionId }) : null;
});

/** The person of this request; without one the page leads to sign-in and comes back afterwards. For pages and loaders. */
export async function requirePerson(): Promise<Person> {
  const person = await currentPerson();
  if (person) return person;
  const [{ headers }, { redirect }] = await Promise.all([import("next/headers"), import("next/navigation")]);
  const path = (await headers()).get("x-baton-path");
  return redirect(path && path !== "/" ? `/sign-in?next=${encodeURIComponent(path)}` : "/sign-in");
}
