import { STATUS_CODES } from "node:http";
import { now } from "../clock";
import type { Shape } from "../logic/shape";
import type { Value } from "../logic/value";
import { readAnswer } from "./read-answer";
import type { ErrorRule } from "./schema/operation";
import type { Answer } from "./send-request";

/** What came of one call. `text` is what was answered, null when nothing was. */
export type Outcome =
  | {
      readonly type: "finished";
      readonly status: number;
      readonly text: string | null;
      readonly outputs: { readonly [name: string]: Value };
    }
  | {
      readonly type: "failed";
      readonly status: number | null;
      readonly text: string | null;
      /** A sentence without secrets, with the status and the first 1 KB of the answer where there are any. */
      readonly error: string;
      readonly mayRetry: boolean;
      /** What the other system asked for (`Retry-After`), at most an hour. */
      readonly retryAfterSeconds: number;
    };
export type Failed = Extract<Outcome, { type: "failed" }>;

/** Characters of an answer that an error quotes. */
const QUOTED = 1_024;
const MAX_RETRY_AFTER_SECONDS = 3_600;
/** Statuses that say "not now" of themselves. */
const PASSING: readonly number[] = [408, 425, 429];

type Expected = { readonly output: Shape | null; readonly errors: readonly ErrorRule[] };

/** What an answer means: its outputs, or an error and whether to try again. The operation's own rules come before the usual ones. */
export function mapAnswer({ output, errors }: Expected, { status, headers, text, unreadable }: Answer): Outcome {
  const failed = (error: string, mayRetry: boolean): Failed => {
    const retryAfterSeconds = mayRetry ? secondsOf(headers["retry-after"]) : 0;
    return { type: "failed", status, text, error, mayRetry, retryAfterSeconds };
  };
  if (status >= 200 && status < 300) {
    if (unreadable !== null && output !== null)
      return failed(`${unreadable}. It answered ${statusText(status)}`, false);
    const read = readAnswer(output, headers["content-type"], text);
    if (read.ok) return { type: "finished", status, text, outputs: read.value };
    return failed(`${read.refusal}. It answered ${statusText(status)}${quoted(text)}`, false);
  }
  const rule =
    errors.find((one) => one.status === String(status)) ??
    errors.find((one) => one.status === `${String(status)[0]}xx`);
  if (rule?.outcome === "finish") return { type: "finished", status, text, outputs: {} };
  const mayRetry = rule ? rule.outcome === "retry" : status >= 500 || PASSING.includes(status);
  return failed(`${rule?.message ? `${rule.message} ` : ""}It answered ${statusText(status)}${quoted(text)}`, mayRetry);
}

const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? ""}`.trim();

/** In one line, without what a page or a log could take for something else. */
function quoted(text: string): string {
  const line = text
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, QUOTED)
    .toWellFormed();
  return line ? `: ${line}` : "";
}

/** Seconds, or a date; 0: it says nothing that can be understood. */
function secondsOf(header: string | undefined): number {
  if (header === undefined) return 0;
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now().getTime()) / 1_000;
  return Number.isFinite(seconds) ? Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(0, Math.ceil(seconds))) : 0;
}
