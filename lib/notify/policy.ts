import type { Person } from "../people/current-person";

/** Who may see mails in the app: anybody, but only where Baton's own demo mailbox takes them instead of a mail server. */
export const notifyPolicy = {
  "mailbox.read": (_person: Person, mailbox: { readonly isDemo: boolean }): boolean => mailbox.isDemo,
};
