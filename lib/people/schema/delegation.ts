import { z } from "zod";

/** What an act on delegations is given, and how they are shown. Also read in the browser, so nothing here asks the server. */

/** Days that one delegation may last; after that somebody says again that it is still meant. */
export const MAX_DAYS = 366;
/** Delegations of one person that have not ended. */
export const MAX_OPEN = 20;

const key = z.string().min(8).max(100);
const delegationId = z.string().max(40);

export const newDelegationInput = z
  .strictObject({
    /** Null: the person themselves. Somebody else's place only admins give away. */
    delegatorId: z.string().max(40).nullable(),
    delegateId: z.string().min(1, "Choose who decides").max(40),
    from: z.iso.datetime(),
    /** The first instant no more. */
    to: z.iso.datetime(),
    processes: z.array(z.string().max(80)).min(1, "Choose at least one process, or all").max(100).nullable(),
    maxAmount: z.number().min(0, "may not be negative").max(1e15, "is too large").nullable(),
    mayPassOn: z.boolean(),
    reason: z.string().trim().max(500, "At most 500 characters"),
    key,
  })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "The last day is before the first" })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= MAX_DAYS * 86_400_000, {
    path: ["to"],
    message: `At most ${MAX_DAYS} days`,
  });
export type NewDelegation = Omit<z.infer<typeof newDelegationInput>, "key">;

export const answerDelegationInput = z.strictObject({ delegationId, accept: z.boolean(), key });
export const endDelegationInput = z.strictObject({ delegationId, key });

/** `asked`: waits for the delegate's answer. `lapsed`: its time went by without one. */
export const DELEGATION_STATES = [
  "asked",
  "coming",
  "in_force",
  "over",
  "ended",
  "withdrawn",
  "declined",
  "lapsed",
] as const;
export type DelegationState = (typeof DELEGATION_STATES)[number];

type Named = { readonly id: string; readonly name: string };

/** A delegation as its pages show it. Instants are ISO texts. */
export type DelegationRow = {
  readonly delegationId: string;
  readonly delegator: Named;
  readonly delegate: Named;
  readonly from: string;
  readonly to: string;
  /** Labels of approval processes; null: all of them. */
  readonly processes: readonly string[] | null;
  readonly maxAmount: number | null;
  readonly mayPassOn: boolean;
  readonly reason: string;
  /** Who made it, when that was not the delegator. */
  readonly madeBy: string | null;
  readonly state: DelegationState;
  readonly ended: { readonly at: string; readonly byName: string | null } | null;
  readonly mayAnswer: boolean;
  readonly mayEnd: boolean;
};

/** Filters of the admins' list, as they stand in the address bar. */
export const delegationFilter = z
  .object({
    search: z.string().max(200).optional(),
    open: z.literal("1").optional(),
    cursor: z.string().max(500).optional(),
  })
  .catch({});
export type DelegationFilter = z.infer<typeof delegationFilter>;

/** Somebody who decides in somebody's place now: "Ben is away until Monday 4 May; Ana decides in their place". */
export type StandIn = {
  readonly delegatorId: string;
  readonly delegateId: string;
  readonly delegatorName: string;
  readonly delegateName: string;
  /** ISO instant at which it ends. */
  readonly until: string;
  /** Which of the two the reader is; null: neither. */
  readonly reader: "delegator" | "delegate" | null;
};
