import { type Tx, transaction } from "../../../db/transaction";
import { newId } from "../../ids";
import { ok, type Result } from "../../result";
import type { From } from "./check-password";
import { endSession } from "./end-sessions";
import { type Method, openSession } from "./open-session";

/** Whoever signs in, or why nobody does; what proves it is used up by the same transaction that opens the session. */
export type Who = (tx: Tx) => Promise<Result<{ userId: string }>>;

type Beginning = {
  readonly method: Method;
  readonly from: From;
  /** The session that this browser had, which ends (S13). */
  readonly before: string | null;
};

/** Opens a new session, all in one transaction: where that goes wrong a link is not spent, and the same one works again. Refusals: those of `who`. */
export const beginSession = (
  who: Who,
  { method, from: { userAgent, address }, before }: Beginning,
): Promise<Result<{ userId: string; sessionId: string }>> =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const found = await who(tx);
    if (!found.ok) return found;
    const { userId } = found.value;
    if (before !== null) await endSession(tx, before);
    return ok({ userId, sessionId: await openSession(tx, { userId, method, userAgent, address }) });
  });
