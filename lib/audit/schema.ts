import { z } from "zod";

/** Filters of the security events, as they stand in the address bar. What makes no sense is no filter. */
export const securityFilter = z
  .object({
    action: z
      .string()
      .regex(/^[^\0]{1,100}$/)
      .optional(),
    /** `user:usr_…` */
    actor: z
      .string()
      .regex(/^user:[a-z0-9_]{3,40}$/)
      .optional(),
    refused: z.literal("1").optional(),
    cursor: z.string().max(500).optional(),
  })
  .catch({});
export type SecurityFilter = z.infer<typeof securityFilter>;

/** One security event as the admins' page shows it. */
export type SecurityEventLine = {
  readonly eventId: string;
  /** Its number in the sealed chain; null: not sealed yet. */
  readonly seq: number | null;
  readonly at: string;
  readonly action: string;
  /** Null: nobody known, or Baton itself. */
  readonly actorName: string | null;
  /** A person's, group's or queue's name, or the id or name of what else it was about. */
  readonly object: string | null;
  readonly allowed: boolean;
  /** What else was written down, "address: 127.0.0.1". */
  readonly details: string;
};
