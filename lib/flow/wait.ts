import { z } from "zod";
import { apiName, condition, expression, label, reference } from "../logic/schema";
import { isTimeZone } from "../logic/wall-time";

/**
 * What a Wait element waits for (semantics B 7.3): an amount of time, an instant, a condition over a record, a change of a record. Several
 * at once, each with a connector of its own; the first that happens is taken and the others are forgotten.
 */

/** Events of one Wait element. */
const MAX_EVENTS = 10;

const UNITS = ["minutes", "hours", "days", "working_hours", "working_days"] as const;
export type WaitUnit = (typeof UNITS)[number];

/** Whether a unit counts working time, which has a direction. */
export const isWorkingTime = (unit: WaitUnit): boolean => unit === "working_hours" || unit === "working_days";

const common = { name: apiName, label, next: apiName.nullable() };

/** Whose clock counts: the calendar's, else the zone's that is named, else UTC. Working time needs a calendar; without a name it is `Default`. */
const clock = {
  calendar: apiName.optional(),
  timeZone: z.string().max(60).refine(isTimeZone, "is no time zone, such as Europe/Berlin").optional(),
};

const waitEventSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("amount_of_time"), ...common, ...clock, amount: expression, unit: z.enum(UNITS) }),
  z.strictObject({
    type: z.literal("until_date"),
    ...common,
    ...clock,
    /** A date or a date and time. */
    at: expression,
    /** The time of day at which a date without one is reached. */
    time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 09:00")
      .default("00:00"),
    /** Moves the instant: 2 days before it is `{ "amount": -2, "unit": "days" }`. */
    offset: z.strictObject({ amount: z.number().min(-100_000).max(100_000), unit: z.enum(UNITS) }).optional(),
  }),
  z.strictObject({
    type: z.literal("condition"),
    ...common,
    object: apiName,
    /** Resolves to the record; the condition calls it `$Record`. */
    record: reference,
    condition,
  }),
  z.strictObject({
    type: z.literal("record_change"),
    ...common,
    object: apiName,
    /** Resolves to the one record that is watched; without it any record of the object. */
    record: reference.optional(),
    on: z.enum(["create", "update", "create_or_update"]).default("create_or_update"),
    /** What must hold of the record as it was saved; it is `$Record`, and `$Record__Prior` as it was before. */
    condition: condition.optional(),
    /** A record variable, or a text variable for its id, that takes the record. */
    into: apiName.optional(),
  }),
]);
export type WaitEvent = z.infer<typeof waitEventSchema>;

export const waitSchema = z.strictObject({
  type: z.literal("wait"),
  name: apiName,
  label,
  events: z
    .array(waitEventSchema)
    .min(1, "needs at least one event")
    .max(MAX_EVENTS, `may have at most ${MAX_EVENTS} events`),
  /** Where it goes when it cannot wait, e.g. until a date that is empty. */
  faultNext: apiName.nullable().optional(),
});
export type WaitElement = z.infer<typeof waitSchema>;
