import type { MailContents } from "../content";
import { type Letter, oneLine } from "../letter";

export function signInLetter({ path, minutes }: MailContents["sign_in_link"], recipientName: string): Letter {
  return {
    subject: "Your sign-in link",
    preview: `It works once, for ${minutes} minutes.`,
    heading: "Sign in to Baton",
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: [
      `Here is the link you asked for. It works once, for ${minutes} minutes, in the browser in which you asked for it.`,
    ],
    facts: [],
    buttons: [{ label: "Sign in", path, tone: "primary" }],
    note: "If you did not ask for it, ignore this mail: without your browser the link is of no use to anybody.",
  };
}
