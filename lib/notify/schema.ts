import { z } from "zod";

/** What the demo's mailbox is asked and told. */

const messageId = z.string().regex(/^mbx_[0-9a-z]{20,30}$/);

export const mailboxQuery = z.object({ message: messageId.optional(), cursor: z.string().max(4_000).optional() });

export const markReadInput = z.strictObject({ key: z.string().min(8).max(100), messageId });

export const replyInput = z.strictObject({
  key: z.string().min(8).max(100),
  messageId,
  text: z.string().max(10_000, "At most 10,000 characters"),
});

/** How one wants one's mails: each at once; more than five in ten minutes in one; or all of a day in one, at an hour of one's day. */
export const MAIL_MODES = ["each", "bundle", "daily"] as const;

export const preferInput = z.strictObject({
  key: z.string().min(8).max(100),
  mode: z.enum(MAIL_MODES),
  hour: z.number().int("must be a whole number").min(0, "must be 0 to 23").max(23, "must be 0 to 23"),
});
export type MailWish = Omit<z.infer<typeof preferInput>, "key">;
