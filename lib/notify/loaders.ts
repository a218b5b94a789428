import { eq } from "drizzle-orm";
import type { z } from "zod";
import { db } from "../../db/client";
import type { Page } from "../../db/page";
import { mailPreference } from "../../db/schema";
import { may } from "../gate";
import { type Person, requirePerson } from "../people/current-person";
import {
  isDemo,
  listMailbox,
  type MailboxMessage,
  type MailboxRow,
  mailboxOf,
  readMessage,
} from "./queries/list-mailbox";
import type { MailWish, mailboxQuery } from "./schema";

/** A mail as the mailbox lists it; instants as ISO texts. */
export type ShownMail = Omit<MailboxRow, "receivedAt"> & { readonly receivedAt: string };
export type OpenedMail = ShownMail & {
  readonly text: string;
  readonly html: string | null;
  /** Whether it can be answered from here: it takes answers, and is one's own. */
  readonly takesReply: boolean;
};

export type MailboxPage = {
  /** Whether everybody's mails are shown, or one's own. */
  readonly isEverybodys: boolean;
  readonly mails: Page<ShownMail>;
  readonly opened: OpenedMail | null;
};

/** Whether this installation has a mailbox that this person may look into. */
export const hasMailbox = async (): Promise<boolean> =>
  may(await requirePerson(), "mailbox.read", { isDemo: isDemo() });

const shown = ({ mailboxMessageId, recipient, sender, subject, receivedAt, isRead }: MailboxRow): ShownMail => ({
  mailboxMessageId,
  recipient,
  sender,
  subject,
  receivedAt: receivedAt.toISOString(),
  isRead,
});

const opened = (person: Person, message: MailboxMessage): OpenedMail => ({
  ...shown(message),
  takesReply: message.replyTo !== null && may(person, "mailbox.reply", { ...message, isDemo: isDemo() }),
  text: message.textBody,
  html: message.htmlBody,
});

/** The demo's mailbox with one mail open, if one was asked for; null where there is none to be seen. */
export async function mailboxPage({ message, cursor }: z.output<typeof mailboxQuery>): Promise<MailboxPage | null> {
  const person = await requirePerson();
  if (!may(person, "mailbox.read", { isDemo: isDemo() })) return null;
  const recipient = mailboxOf(person);
  const [mails, mail] = await Promise.all([
    listMailbox(db(), recipient, cursor ?? null),
    message === undefined ? null : readMessage(db(), message, recipient),
  ]);
  return {
    isEverybodys: recipient === null,
    mails: { rows: mails.rows.map(shown), next: mails.next },
    opened: mail && opened(person, mail),
  };
}

/** How one wants one's own mails, with the hour and zone that a daily one comes at. */
export async function mailWish(): Promise<MailWish & { readonly timeZone: string | null }> {
  const { userId, timeZone } = await requirePerson();
  const [row] = await db().select().from(mailPreference).where(eq(mailPreference.userId, userId)).limit(1);
  return { mode: row?.mode ?? "each", hour: row?.hour ?? 8, timeZone };
}
