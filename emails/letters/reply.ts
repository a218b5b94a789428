import type { MailContents } from "../content";
import { type Letter, oneLine, paragraphsOf } from "../letter";

/** Answers an answer: what was understood and done, or why nothing was. */
export function replyLetter(reply: MailContents["reply"], recipientName: string): Letter {
  const { label, recordName, path, decided, comments, problem, changes = null, words } = reply;
  const what = oneLine(recordName ?? label);
  const about = oneLine(recordName ? `“${label}” for ${recordName}` : `“${label}”`);
  const done = decided === null ? null : oneLine(`We took your reply as: ${decided}. That is now decided on ${about}.`);
  const not = oneLine(`Your reply about ${about} decided nothing.`);
  const comment = comments ? `With this comment:\n${comments}` : "Without a comment.";
  const how = oneLine(`The first line of a reply holds one of these words and nothing else: ${words.join(", ")}.`);
  return {
    subject: oneLine(decided === null ? `Not decided: ${what}` : `Decided: ${decided}, ${what}`),
    preview: done ?? not,
    heading: decided === null ? "Your reply decided nothing" : "Your reply was taken",
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs:
      done === null
        ? [not, ...paragraphsOf(problem ?? ""), ...(words.length > 0 ? [how] : [])]
        : [done, ...paragraphsOf(comment)],
    facts: (changes ?? []).map(({ label: fact, before, after }) => ({
      label: oneLine(fact),
      value: oneLine(`${after || "empty"} (it was ${before || "empty"})`),
    })),
    buttons: [{ label: "Open the request", path, tone: "primary" }],
    note: "You get this mail because a reply to a mail of yours came in. It is sent to your address, whoever replied.",
  };
}
