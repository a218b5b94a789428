import type { Person } from "../people/current-person";

/** Who may see mails in the app: anybody, but only where Baton's own demo mailbox takes them instead of a mail server. */
export const notifyPolicy = {
  /** Say how one wants one's own mails. */
  "mail.prefer": (_person: Person): boolean => true,
  "mailbox.read": (_person: Person, mailbox: { readonly isDemo: boolean }): boolean => mailbox.isDemo,
  /** Answer a mail as the demo's mail program: one's own, whoever else may read it. */
  "mailbox.reply": (person: Person, mail: { readonly isDemo: boolean; readonly recipient: string }): boolean =>
    mail.isDemo && mail.recipient === person.email,
};
