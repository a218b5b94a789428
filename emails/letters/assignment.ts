import type { MailContents } from "../content";
import { type Fact, type Letter, oneLine, paragraphsOf } from "../letter";

/**
 * To a person: greets them and names the work. To a group or queue: says the same to everybody. The step's own subject and body go before
 * ours. Buttons of an approval lead to the page with the choice made ready there, and decide nothing (A25).
 */
export function assignmentLetter(work: MailContents["assignment"], recipientName: string): Letter {
  const isApproval = work.workKind === "approval";
  const about = work.recordName ? ` for ${work.recordName}` : "";
  const own = work.body === null ? [] : paragraphsOf(work.body);
  return {
    subject: oneLine(work.subject ?? "") || oneLine(`${isApproval ? "Approval needed: " : ""}${work.label}${about}`),
    preview: oneLine(`${work.processLabel}${about}`),
    heading: oneLine(work.label),
    greeting: work.to === "user" ? oneLine(`Hello ${recipientName},`) : "Hello,",
    paragraphs: own.length > 0 ? own : [oneLine(sentence(work, about))],
    facts: factsOf(work),
    buttons: isApproval ? choices(work.path) : [{ label: "Open the work", path: work.path, tone: "primary" }],
    note: noteOf(work),
  };
}

function sentence({ to, team, workKind, label, processLabel }: MailContents["assignment"], about: string): string {
  if (workKind === "approval") {
    return to === "user"
      ? `Your decision is needed on “${label}”${about}.`
      : `A decision is needed on “${label}”${about}. Anybody in ${team} can make it.`;
  }
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

const choices = (path: string) =>
  [
    { label: "Approve…", path: withChoice(path, "approve"), tone: "primary" },
    { label: "Reject…", path: withChoice(path, "reject"), tone: "secondary" },
  ] as const;

const withChoice = (path: string, choice: "approve" | "reject") =>
  `${path}${path.includes("?") ? "&" : "?"}choice=${choice}`;

function noteOf({ to, team, workKind }: MailContents["assignment"]): string {
  const why =
    to === "user"
      ? "You get this mail because the work was assigned to you."
      : `You get this mail because you are a member of ${team}.`;
  return oneLine(
    workKind === "approval" ? `Nothing is decided by opening a link: you confirm on the page. ${why}` : why,
  );
}
