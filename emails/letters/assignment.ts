import type { MailContents } from "../content";
import { type Fact, type Letter, oneLine, paragraphsOf } from "../letter";

/** To a person: greets them and names the work. To a group or queue: says the same to everybody. The step's own subject and body go before ours. */
export function assignmentLetter(work: MailContents["assignment"], recipientName: string): Letter {
  const about = work.recordName ? ` for ${work.recordName}` : "";
  const own = work.body === null ? [] : paragraphsOf(work.body);
  return {
    subject: oneLine(work.subject ?? "") || oneLine(`${TAGS[work.workKind] ?? ""}${work.label}${about}`),
    preview: oneLine(`${work.processLabel}${about}`),
    heading: oneLine(work.label),
    greeting: work.to === "user" ? oneLine(`Hello ${recipientName},`) : "Hello,",
    paragraphs: [...(own.length > 0 ? own : [oneLine(sentence(work, about))]), ...paragraphsOf(work.prompt ?? "")],
    facts: factsOf(work),
    buttons: [
      { label: work.workKind === "question" ? "Answer it" : "Open the work", path: work.path, tone: "primary" },
    ],
    note: noteOf(work),
  };
}

const TAGS: Readonly<Record<string, string>> = { question: "[Question] ", revision: "[Sent back] " };

function sentence({ to, team, workKind, label, processLabel }: MailContents["assignment"], about: string): string {
  if (workKind === "question") return `Before “${label}”${about} is decided, you are asked:`;
  if (workKind === "revision") return `What you submitted${about} was sent back to you. Change it and submit it again:`;
  return to === "user"
    ? `“${label}”${about} has been assigned to you as part of ${processLabel}.`
    : `“${label}”${about} is waiting for somebody in ${team} to take it.`;
}

function factsOf({ processLabel, recordName, team }: MailContents["assignment"]): Fact[] {
  const facts = [
    { label: "Process", value: processLabel },
    { label: "Record", value: recordName },
    { label: "Assigned to", value: team },
  ];
  return facts.flatMap(({ label, value }) => (value ? [{ label, value: oneLine(value) }] : []));
}

const noteOf = ({ to, team }: MailContents["assignment"]): string =>
  oneLine(
    to === "user"
      ? "You get this mail because the work was assigned to you."
      : `You get this mail because you are a member of ${team}.`,
  );
