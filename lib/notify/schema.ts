import { z } from "zod";

/** What the demo's mailbox is asked and told. */

const messageId = z.string().regex(/^mbx_[0-9a-z]{20,30}$/);

export const mailboxQuery = z.object({ message: messageId.optional(), cursor: z.string().max(4_000).optional() });

export const markReadInput = z.strictObject({ key: z.string().min(8).max(100), messageId });
