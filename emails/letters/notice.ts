import type { MailContents } from "../content";
import { type Letter, oneLine, paragraphsOf } from "../letter";

type Notice = MailContents["notice"];

/** To whoever has an open item: it waits for them, or what they asked is answered. */
export function noticeLetter(notice: Notice, recipientName: string): Letter {
  const { about, inPlaceOf, label, processLabel, recordName, path, dueAt, text } = notice;
  const why = inPlaceOf ? `you decide in ${inPlaceOf}'s place` : "the work is yours to do";
  const what = recordName ? `“${label}” for ${recordName}` : `“${label}”`;
  const isReminder = about === "reminder";
  const due = dueAt === null ? "" : ` It is due by ${dayOf(dueAt)}.`;
  return {
    subject: oneLine(`${isReminder ? "Reminder" : "Answered"}: ${label}${recordName ? ` for ${recordName}` : ""}`),
    preview: oneLine(`${processLabel}: ${what}`),
    heading: isReminder ? "Still waiting for you" : "Your question was answered",
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: isReminder
      ? [oneLine(`${what} still waits for you.${due}`)]
      : [oneLine(`Your question about ${what} was answered:`), ...paragraphsOf(text ?? "")],
    facts: [
      { label: "Process", value: oneLine(processLabel) },
      ...(recordName ? [{ label: "Record", value: oneLine(recordName) }] : []),
    ],
    buttons: [{ label: "Open it", path, tone: "primary" }],
    note: isReminder ? oneLine(`You get this mail because ${why}.`) : "You get this mail because you asked.",
  };
}

/** A day in the world's own time, said as such: a mail knows no zone of its reader. */
const dayOf = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
