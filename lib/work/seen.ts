import { z } from "zod";
import type { Value } from "../logic/value";
import type { SealedFile } from "../records/schema/sealed-file";
import type { Fact } from "./queries/facts";

/**
 * Where a request was shown to whoever decided: on its page, in the list, on the record's own page, in a mail; on a page of which the record was
 * not theirs to see (`nothing`). `unsaid`: whoever decided did not say; then it is what the page would have shown.
 */
export type Door = "page" | "list" | "record" | "email" | "nothing" | "unsaid";

/** What an approver had before them: sealed with the decision (S79), compared with later, exported as evidence. */
export type Seen = {
  readonly door: Door;
  readonly facts: readonly Fact[];
  readonly record: {
    readonly object: string;
    readonly id: string;
    readonly name: string;
    readonly version: number;
    readonly updatedAt: string;
  } | null;
  readonly definition: { readonly name: string; readonly version: number; readonly hash: string };
  readonly policy: string;
  /** What was attached to the record, the oldest first. */
  readonly files: readonly SealedFile[];
  readonly rests: Rests;
};

/** What that door did not show and the decision rests on nevertheless: how the request stood when it was decided. Kept for comparing, never told as seen. */
export type Rests = {
  /** Of those that were not shown, or are others by what the decider's own screens saved. */
  readonly facts: readonly Fact[];
  readonly files: readonly SealedFile[];
  /** By reference: what the step may be skipped by while it does not change. */
  readonly values: { readonly [path: string]: Value };
};

const file = z.object({ id: z.string(), name: z.string(), sha256: z.string() });
const fact = z.object({
  path: z.string(),
  label: z.string(),
  shown: z.string(),
  value: z.unknown(),
  behind: z.array(z.string()).optional(),
});
const seenSchema = z.object({
  facts: z.array(fact),
  files: z.array(file),
  rests: z.object({ facts: z.array(fact), files: z.array(file) }).optional(),
  /** Of those that were sealed before each fact had its own. */
  values: z.record(z.string(), z.unknown()).default({}),
});

/** How a request stood when it was sealed, for comparing. */
export type Stood = {
  readonly facts: readonly Fact[];
  readonly files: readonly SealedFile[];
  /** The files that were shown. */
  readonly filesShown: readonly SealedFile[];
};

/** What was sealed, as far as it is compared with; null for what has another form. */
export function readSeen(sealed: unknown): Stood | null {
  const { data } = seenSchema.safeParse(sealed);
  if (!data) return null;
  const { rests = { facts: [], files: [] } } = data;
  const facts = new Map([...data.facts, ...rests.facts].map((one) => [one.path, one]));
  return {
    facts: [...facts.values()].map(({ value, behind, ...one }) => ({
      ...one,
      value: (value ?? data.values[one.path] ?? null) as Value,
      ...(behind && { behind }),
    })),
    files: [...data.files, ...rests.files],
    filesShown: data.files,
  };
}
