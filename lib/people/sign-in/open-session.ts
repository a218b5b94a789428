import { sql } from "drizzle-orm";
import { session } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";
import { SESSION_DAYS } from "./read-session";

export type Method = "password" | "link" | "demo";
const MAX_AGENT_CHARACTERS = 300;

/** A new session, with a new id at every sign-in (S13), for at most a week. Returns its id, which only next-auth's cookie is told. */
export async function openSession(
  tx: Tx,
  who: { userId: string; method: Method; userAgent: string; address: string },
): Promise<string> {
  const sessionId = newId("session");
  const { userId, method, address } = who;
  await tx.db.insert(session).values({
    sessionId,
    userId,
    method,
    userAgent: who.userAgent.slice(0, MAX_AGENT_CHARACTERS),
    createdAt: sql`clock_timestamp()`,
    lastSeenAt: sql`clock_timestamp()`,
    expiresAt: sql`clock_timestamp() + make_interval(days => ${SESSION_DAYS})`,
  });
  await recordSecurityEvent(tx, {
    action: "sign-in",
    actorId: userId,
    objectId: sessionId,
    allowed: true,
    details: { method, address },
  });
  return sessionId;
}
