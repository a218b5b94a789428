import type { AccountEvent, MailContents } from "../content";
import { type Letter, oneLine } from "../letter";

const EVENTS: Readonly<Record<AccountEvent, { readonly heading: string; readonly sentence: string }>> = {
  password_changed: { heading: "Your password was changed", sentence: "The password of your account was changed, and all other sessions were signed out." },
  email_changed: { heading: "Your e-mail address was changed", sentence: "Mails of your account now go to another address." },
  role_changed: { heading: "Your role was changed", sentence: "What you may see and do has changed." },
  token_created: { heading: "An API token was made", sentence: "A program that holds the new token can act in your name, within what you allowed it." },
};

export function accountLetter({ event }: MailContents["account"], recipientName: string): Letter {
  const { heading, sentence } = EVENTS[event];
  return {
    subject: heading,
    preview: sentence,
    heading,
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: [sentence],
    facts: [],
    buttons: [{ label: "Open your account", path: "/account", tone: "primary" }],
    note: "If this was neither you nor your administrator, tell your administrator now.",
  };
}
