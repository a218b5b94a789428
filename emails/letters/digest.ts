import type { MailContents } from "../content";
import { type Letter, oneLine } from "../letter";

/** What would have been too many mails in an hour, in one. */
export function digestLetter({ lines, count }: MailContents["digest"], recipientName: string): Letter {
  const more = count - lines.length;
  const what = count === 1 ? "1 more message" : `${count} more messages`;
  return {
    subject: `${what} from Baton`,
    preview: oneLine(lines.map(({ subject }) => subject).join(" · ")),
    heading: what,
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: [
      "You had so many mails within an hour that these were gathered. What is still to be done is in My work.",
      ...(more > 0 ? [`The first ${lines.length} are named below; ${more} more are not.`] : []),
    ],
    facts: [],
    links: lines.map(({ subject, path }) => ({ label: oneLine(subject), path })),
    buttons: [{ label: "Open My work", path: "/work", tone: "primary" }],
    note: "You get at most a hundred mails in an hour.",
  };
}
