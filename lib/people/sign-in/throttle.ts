import { createHash } from "node:crypto";
import { type Tx, transaction } from "../../../db/transaction";
import { newId } from "../../ids";
import { type Refusal, refuse } from "../../result";

/**
 * How often something may be tried, counted in the table `attempt`, so that a restart forgets nothing. After the free tries each further
 * one must wait twice as long as the one before, up to a bound; tries that come too early are refused and not counted.
 */
type Rule = { readonly free: number; readonly windowSeconds: number; readonly longestWaitSeconds: number };

export const RULES = {
  /** One name from one address. */
  pair: { free: 5, windowSeconds: 86_400, longestWaitSeconds: 900 },
  /** One name from anywhere. Stops guessing from many addresses; browsers that signed in before are not asked, so nobody locks another out. */
  account: { free: 15, windowSeconds: 3_600, longestWaitSeconds: 300 },
  /** One address, any name. */
  address: { free: 30, windowSeconds: 3_600, longestWaitSeconds: 60 },
  /** Everybody together: what the hash can bear. */
  all: { free: 300, windowSeconds: 60, longestWaitSeconds: 5 },
  /** A browser that signed in to this account before: counted by itself, whatever strangers do. */
  known: { free: 8, windowSeconds: 86_400, longestWaitSeconds: 900 },
  /** Mailed links for one name; and for one address. */
  link: { free: 5, windowSeconds: 3_600, longestWaitSeconds: 900 },
  linkAddress: { free: 20, windowSeconds: 3_600, longestWaitSeconds: 300 },
} as const satisfies Record<string, Rule>;
export type Tried = { readonly rule: keyof typeof RULES; readonly what: string };

/** Digests, because what people type as a name may be a password. */
const subjectOf = ({ rule, what }: Tried): string => `${rule}:${createHash("sha256").update(what).digest("base64url")}`;

/** Seconds that must have gone by since the first try of the window before try number `count` + 1. */
export function earliest(count: number, { free, longestWaitSeconds }: Rule): number {
  let seconds = 0;
  for (let n = free; n <= count; n++) seconds += Math.min(2 ** (n - free), longestWaitSeconds);
  return seconds;
}

/** Counts one try under every rule, or refuses it with the seconds to wait and counts nothing. */
export async function throttle(tries: readonly Tried[]): Promise<Refusal | null> {
  const subjects = tries
    .map((tried) => ({ subject: subjectOf(tried), rule: RULES[tried.rule] }))
    .sort((a, b) => (a.subject < b.subject ? -1 : 1));
  return transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    let wait = 0;
    for (const { subject, rule } of subjects) wait = Math.max(wait, await waitFor(tx, subject, rule));
    if (wait > 0) return refuse("too-often", { details: { seconds: Math.ceil(wait) } }).refusal;
    for (const { subject } of subjects) {
      await tx.sql`update attempt set count = count + 1 where (subject, window_start) = (select subject, max(window_start) from attempt where subject = ${subject} group by subject)`;
    }
    return null;
  });
}

/** Seconds still to wait under one rule; makes its window when there is none. The lock keeps two first tries from making two. */
async function waitFor(tx: Tx, subject: string, rule: Rule): Promise<number> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${subject}, 7))`;
  const [row] = await tx.sql<{ count: number; elapsed: number }[]>`
    select count, extract(epoch from clock_timestamp() - window_start)::float8 as elapsed from attempt
    where subject = ${subject} and window_start > clock_timestamp() - make_interval(secs => ${rule.windowSeconds})
    order by window_start desc limit 1`;
  if (row) return Math.max(0, earliest(row.count, rule) - row.elapsed);
  await tx.sql`delete from attempt where window_start < clock_timestamp() - interval '1 day'`;
  await tx.sql`insert into attempt (subject, window_start, count) values (${subject}, clock_timestamp(), 0)`;
  return 0;
}

/** After a success: it does not count as a try, and the name's own count begins anew. */
export async function forgive(tries: readonly Tried[]): Promise<void> {
  await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    for (const tried of [...tries].sort((a, b) => (subjectOf(a) < subjectOf(b) ? -1 : 1))) {
      const isOwn = tried.rule === "pair" || tried.rule === "known";
      if (isOwn) await tx.sql`delete from attempt where subject = ${subjectOf(tried)}`;
      else await tx.sql`update attempt set count = greatest(count - 1, 0) where subject = ${subjectOf(tried)}`;
    }
  });
}
