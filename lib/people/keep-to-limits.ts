import { createHash } from "node:crypto";
import { transaction } from "../../db/transaction";
import { newId } from "../ids";
import { type Refusal, refuse } from "../result";

/** How many in one minute: of one asker (a person, or a source of events), of one address, and of everybody together. */
type Limit = { readonly asker: number; readonly address: number; readonly all: number };

/**
 * Limits of what is costly and asked from outside (S42), in the table `attempt`, so that no restart forgets them and all servers count
 * together. Signing in and mailed links have their own, which grow (`sign-in/throttle.ts`); mails have theirs by recipient.
 */
export const LIMITS = {
  /** Lists, and what they are searched for while somebody types. */
  list: { asker: 600, address: 2_400, all: 30_000 },
  start: { asker: 600, address: 1_200, all: 12_000 },
  /** What a decision would lead to: each is a whole command that is rolled back. */
  ahead: { asker: 120, address: 480, all: 6_000 },
  event: { asker: 600, address: 600, all: 12_000 },
  upload: { asker: 60, address: 240, all: 1_200 },
  download: { asker: 300, address: 1_200, all: 6_000 },
  export: { asker: 30, address: 60, all: 300 },
} as const satisfies Record<string, Limit>;
export type LimitKind = keyof typeof LIMITS;

/** Digests: the table need not say who asked from where. */
const subjectOf = (kind: LimitKind, who: string): string =>
  `${kind}:${createHash("sha256").update(who).digest("base64url")}`;

/** Counts one more, and refuses it (`too-often`, with the seconds until the minute is over) where that is more than a limit. */
export async function keepToLimits(
  kind: LimitKind,
  { asker, address }: { readonly asker: string; readonly address: string },
): Promise<Refusal | null> {
  const { asker: ofAsker, address: ofAddress, all } = LIMITS[kind];
  const bounds = new Map([
    [subjectOf(kind, `asker ${asker}`), ofAsker],
    [subjectOf(kind, `address ${address}`), ofAddress],
    [subjectOf(kind, "all"), all],
  ]);
  const subjects = [...bounds.keys()].sort();
  const rows = await transaction(
    { commandId: newId("command"), actorId: null },
    (tx) =>
      tx.sql<{ subject: string; count: number; seconds: number }[]>`
      insert into attempt as a (subject, window_start, count)
      select subject, date_trunc('minute', clock_timestamp()), 1 from unnest(${tx.sql.array(subjects)}::text[]) as subject
      on conflict (subject, window_start) do update set count = a.count + 1
      returning subject, count, 60 - extract(second from clock_timestamp())::float8 as seconds`,
  );
  const over = rows.find(({ subject, count }) => count > (bounds.get(subject) ?? 0));
  return over ? refuse("too-often", { details: { seconds: Math.max(1, Math.ceil(over.seconds)) } }).refusal : null;
}
