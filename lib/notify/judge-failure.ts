/**
 * What a mail that was not sent means for it: `refused`, the server will never take it; `deferred`, the server wants it again later
 * (greylisting, a full mailbox), or we could not make it; `unreachable`, there is no talking to the server, whatever the mail.
 */
export type Failure = { readonly kind: "refused" | "deferred" | "unreachable"; readonly reason: string };

const MAX_REASON_CHARACTERS = 500;
/** What nodemailer calls an answer to the envelope or to the message itself; all other codes are about the connection. */
const ABOUT_THE_MAIL: ReadonlySet<unknown> = new Set(["EENVELOPE", "EMESSAGE"]);
const PERMANENT = 500;

export function judgeFailure(error: unknown): Failure {
  const { code, responseCode, message } =
    error instanceof Error
      ? (error as Error & { code?: unknown; responseCode?: unknown })
      : { code: null, responseCode: null, message: String(error) };
  const reason = message
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, MAX_REASON_CHARACTERS)
    .toWellFormed();
  // Without a code it is a fault of ours, in putting the mail into words: the next release may do better.
  if (code === undefined || code === null) return { kind: "deferred", reason };
  if (!ABOUT_THE_MAIL.has(code)) return { kind: "unreachable", reason };
  // Without an answer of the server nodemailer itself found the envelope unfit.
  return { kind: typeof responseCode === "number" && responseCode < PERMANENT ? "deferred" : "refused", reason };
}

const FIRST_DELAY_SECONDS = { deferred: 5 * 60, unreachable: 60 } as const;
const LONGEST_DELAY_SECONDS = 60 * 60;

/** Seconds until the next attempt after that many: doubled each time, up to an hour (F35, F36). */
export const delayAfter = (attempts: number, kind: "deferred" | "unreachable"): number =>
  Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS[kind] * 2 ** Math.min(attempts - 1, 10));
