import type { MailContents } from "../content";
import { type Letter, oneLine, paragraphsOf } from "../letter";

/** A flow's own words and none of ours; plain text, whatever it looks like. */
export function flowLetter({ subject, body }: MailContents["flow"]): Letter {
  const paragraphs = paragraphsOf(body);
  return {
    subject: oneLine(subject) || "Message",
    preview: oneLine(paragraphs[0] ?? ""),
    heading: oneLine(subject) || "Message",
    greeting: null,
    paragraphs,
    facts: [],
    buttons: [],
    note: "This mail was sent by an automated process.",
  };
}
