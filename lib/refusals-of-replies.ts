import type { Sentence } from "./refusals";

/** What people are told by mail of an answer by mail that was not taken. */
export const REPLY_SENTENCES: Readonly<Record<string, Sentence>> = {
  "reply-not-sent":
    "The reply could not be sent. Nothing was changed; what you typed is still here. Try again in a moment.",
  "reply-unreadable": "The mail could not be read. Nothing was changed.",
  "reply-from-elsewhere":
    "The reply came from another address than yours, so it does not count. Nothing was changed. If you sent it, send it from the address that this mail came to.",
  "reply-elsewhere":
    "The reply belongs to another mail than the one whose address it was sent to, so it is not clear what it is about. Nothing was changed. Please reply to the mail about this request itself.",
  "reply-failed":
    "Something went wrong here each time your reply was read. Nothing was changed; please decide it on the page.",
  "reply-too-late":
    "The mail that you replied to does not count any more: it is more than three days old, or the work was given on since. Nothing was changed.",
  "reply-needs-password":
    "This process asks for your password at each decision, so it cannot be decided by mail. Nothing was changed; please decide it on the page.",
  "reply-unclear": ({ line }) =>
    line
      ? `We did not understand its first line, “${line}”. Nothing was changed.`
      : "It said nothing. Nothing was changed.",
  "reply-too-long": ({ limit }) => `A comment may have at most ${limit ?? 4000} characters. Nothing was changed.`,
  "reply-facts-changed": ({ name }) =>
    `${name ? `${name} was changed, or what is attached to it,` : "The record was deleted"} after the mail that you replied to was sent, so you would decide on something else than it told you. Nothing was decided; please look at it as it is now and decide it on the page.`,
  "reply-needs-reason":
    "This needs a reason: write it below the word, so that whoever asked can act on it. Nothing was changed.",
};
