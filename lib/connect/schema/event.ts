import { z } from "zod";
import type { Value } from "../../logic/value";

const key = z.string().min(8).max(100);

/** Any JSON; what an input may be is asked by the start itself. */
const value: z.ZodType<Value> = z.json();

/** What an event says: what to start the source's process with, or which run of it to wake. */
export const eventBody = z.union([
  z.strictObject({ runId: z.string().min(1).max(60) }),
  z.strictObject({
    inputs: z.record(z.string().max(80), value).default({}),
    recordId: z.string().min(1).max(60).optional(),
  }),
]);

const sourceName = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    "must be small letters and digits, with single dashes between them, such as web-shop",
  )
  .max(60, "may have at most 60 characters");

export const newSourceInput = z.strictObject({
  key,
  name: sourceName,
  label: z.string().trim().min(1, "is needed").max(80, "may have at most 80 characters"),
  definitionId: z.string().min(1, "is needed").max(80),
});
export type NewSource = Omit<z.output<typeof newSourceInput>, "key">;
export const sourceNameInput = z.strictObject({ key, name: z.string().max(60) });

/** Secrets of sources begin with it, so that one that leaked is recognised. */
export const EVENT_SECRET_PREFIX = "batev_";
/** An event must come within this of when it was signed. */
export const EVENT_WINDOW_SECONDS = 300;

/** A source as the page of connections shows it. Instants are ISO texts. */
export type ShownSource = {
  readonly name: string;
  readonly label: string;
  readonly definitionId: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastEventAt: string | null;
};
