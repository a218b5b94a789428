import type { MailContents } from "../content";
import { type Letter, oneLine, paragraphsOf } from "../letter";

type Submission = MailContents["submission"];

const OUTCOMES: Readonly<Record<Submission["status"], { readonly word: string; readonly sentence: string }>> = {
  approved: { word: "Approved", sentence: "was approved." },
  rejected: { word: "Rejected", sentence: "was rejected." },
  recalled: { word: "Recalled", sentence: "was recalled." },
  canceled: { word: "Canceled", sentence: "was canceled before a decision was made." },
  error: { word: "Stopped by an error", sentence: "was stopped by an error. Your administrators have been told." },
};

export function submissionLetter(
  { status, processLabel, recordName, path, comments, decidedBy, ranOut }: Submission,
  recipientName: string,
): Letter {
  const { word, sentence } = OUTCOMES[status];
  const what = recordName ? `${processLabel} for ${recordName}` : processLabel;
  return {
    subject: oneLine(`${word}: ${recordName ?? processLabel}`),
    preview: oneLine(`${what} ${sentence}`),
    heading: word,
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: [
      oneLine(`Your submission ${what} ${sentence}`),
      ...(ranOut ? [oneLine(`Nobody decided “${ranOut.step}” in time, so it ended as “${ranOut.outcome}”.`)] : []),
      ...(comments ? paragraphsOf(`${decidedBy ? `${oneLine(decidedBy)} writes` : "Comment"}:\n${comments}`) : []),
    ],
    facts: [
      { label: "Process", value: oneLine(processLabel) },
      ...(recordName ? [{ label: "Record", value: oneLine(recordName) }] : []),
      ...(decidedBy ? [{ label: "Decided by", value: oneLine(decidedBy) }] : []),
      ...(ranOut ? [{ label: "Decided by", value: "Nobody: the time ran out" }] : []),
    ],
    buttons: [{ label: "See the details", path, tone: "primary" }],
    note: "You get this mail because you submitted it.",
  };
}
