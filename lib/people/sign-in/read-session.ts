import { sql } from "drizzle-orm";
import { decode } from "next-auth/jwt";
import { db } from "../../../db/client";
import { session, user } from "../../../db/schema";
import { transaction } from "../../../db/transaction";
import { env } from "../../env";
import { newId } from "../../ids";
import { cookieName } from "./name-cookies";

/** A session ends this long after its last request, by role, and in any case `SESSION_DAYS` after its sign-in (S15). */
export const IDLE_MINUTES = { admin: 30, others: 480 } as const;
export const SESSION_DAYS = 7;

type Cookies = { get(name: string): { value: string } | undefined };

/** The random id that next-auth's encrypted cookie carries; it carries nothing else (S12). Null: no cookie, or not one of ours. */
export async function sessionIdOf(cookies: Cookies): Promise<string | null> {
  const token = cookies.get(cookieName("session"))?.value;
  const secret = env().AUTH_SECRET;
  if (!token || !secret) return null;
  const claims = await decode({ token, secret }).catch(() => null);
  return typeof claims?.sid === "string" ? claims.sid : null;
}

/** The open session behind a request's cookies, by the row as it is now; null when it ended, idled too long, or its person is inactive. */
export async function readSession(cookies: Cookies): Promise<{ sessionId: string; userId: string } | null> {
  const sessionId = await sessionIdOf(cookies);
  const open = sessionId && (await openSession(sessionId));
  if (!sessionId || !open) return null;
  if (open.isUnseen) await touch(sessionId);
  return { sessionId, userId: open.userId };
}

/** Whether the session is open, without counting as its being used: for what stays open by itself, as a stream does (S14). */
export const isSessionOpen = async (sessionId: string): Promise<boolean> => (await openSession(sessionId)) !== null;

/** Whether a session is open, and whether its use is to be noted; of "session" joined with "user". */
export type SessionState = { isOpen: boolean; isUnseen: boolean };
export const sessionState = sql`${session.revokedAt} is null and ${session.expiresAt} > clock_timestamp() and ${user.active} and ${user.kind} = 'person'
    and ${session.lastSeenAt} > clock_timestamp() - make_interval(mins => case ${user.role} when 'admin' then ${IDLE_MINUTES.admin}::int else ${IDLE_MINUTES.others}::int end)
    as "isOpen", ${session.lastSeenAt} < clock_timestamp() - interval '1 minute' as "isUnseen"`;

async function openSession(sessionId: string): Promise<{ userId: string; isUnseen: boolean } | null> {
  const [row] = await db().execute<SessionState & { userId: string }>(sql`
    select ${user.userId} as "userId", ${sessionState} from ${session} join ${user} using (user_id) where ${session.sessionId} = ${sessionId}`);
  return row?.isOpen ? row : null;
}

/** The one write that a page's reading makes: when the person was last here, to the minute. */
export async function touch(sessionId: string): Promise<void> {
  await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.sql`update session set last_seen_at = clock_timestamp() where session_id = ${sessionId} and last_seen_at < clock_timestamp() - interval '1 minute'`;
  });
}
