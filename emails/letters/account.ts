import type { AccountEvent, MailContents } from "../content";
import { type Letter, oneLine } from "../letter";

type Told = {
  readonly heading: string;
  readonly sentence: string;
  readonly button?: { readonly label: string; readonly path: string };
  readonly note?: string;
};

/** Without a password one signs in by a mailed link; this leads to where it is asked for, and carries no right of its own. */
const BY_LINK = { label: "Sign in by a mailed link", path: "/sign-in?by=link" };

const EVENTS: Readonly<Record<AccountEvent, Told>> = {
  invited: {
    heading: "You have an account",
    sentence:
      "An administrator made an account for you. Sign in by a link that is mailed to this address; then you can choose a password if you like.",
    button: BY_LINK,
    note: "If you did not expect this, ignore this mail.",
  },
  password_reset: {
    heading: "Your password was reset",
    sentence:
      "An administrator took your password away and signed you out everywhere. Sign in by a link that is mailed to this address, then choose a new password.",
    button: BY_LINK,
  },
  password_changed: {
    heading: "Your password was changed",
    sentence: "The password of your account was changed, and all other sessions were signed out.",
  },
  email_changed: {
    heading: "Your e-mail address was changed",
    sentence: "Mails of your account now go to another address.",
  },
  role_changed: { heading: "Your role was changed", sentence: "What you may see and do has changed." },
  token_created: {
    heading: "An API token was made",
    sentence: "A program that holds the new token can act in your name, within what you allowed it.",
  },
};

const IF_NOT_YOU = "If this was neither you nor your administrator, tell your administrator now.";

export function accountLetter({ event }: MailContents["account"], recipientName: string): Letter {
  const {
    heading,
    sentence,
    button = { label: "Open your account", path: "/account" },
    note = IF_NOT_YOU,
  } = EVENTS[event];
  return {
    subject: heading,
    preview: sentence,
    heading,
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: [sentence],
    facts: [],
    buttons: [{ ...button, tone: "primary" }],
    note,
  };
}
