import type { ApprovalSummary, MailContents } from "../content";
import { type Fact, type Letter, oneLine, paragraphsOf } from "../letter";

type Work = MailContents["assignment"];

/** Of a fact what a subject shows, in characters; and how many facts. */
const IN_SUBJECT = { characters: 40, facts: 2 } as const;

const NOTHING_TOLD: ApprovalSummary = {
  askedBy: null,
  comments: null,
  facts: [],
  changes: [],
  why: "",
  due: null,
  outcomes: [],
  takesReply: false,
};

/**
 * To whoever is to decide: who asks, for what, what is new since the last time, why it is on this desk, and by when. The step's own subject
 * and body go before ours. The buttons lead to the page with the choice made ready there, and decide nothing (A25).
 */
export function approvalLetter(work: Work, recipientName: string): Letter {
  const summary = work.approval ?? NOTHING_TOLD;
  const own = work.body === null ? [] : paragraphsOf(work.body);
  const what = work.recordName ?? work.label;
  return {
    subject: oneLine(work.subject ?? "") || subjectOf(what, summary),
    preview: oneLine(`${work.label} · ${work.processLabel}`),
    heading: oneLine(work.label),
    greeting: work.to === "user" ? oneLine(`Hello ${recipientName},`) : "Hello,",
    paragraphs: [...(own.length > 0 ? own : [oneLine(asks(work, summary))]), ...wordsOf(summary)],
    facts: factsOf(work, summary),
    after: [work.inPlaceOf ? standsIn(work.inPlaceOf) : summary.why, replyWords(summary)].flatMap((text) =>
      paragraphsOf(text),
    ),
    buttons: [
      { label: "Approve…", path: withDecision(work.path, "approve"), tone: "primary" },
      { label: "Reject…", path: withDecision(work.path, "reject"), tone: "secondary" },
    ],
    note: noteOf(work),
  };
}

const standsIn = (name: string): string => oneLine(`It is ${name}'s to decide, and you decide in their place now.`);

function subjectOf(what: string, { due, facts }: ApprovalSummary): string {
  const shown = facts.slice(0, IN_SUBJECT.facts).flatMap(({ value }) => cut(oneLine(value)) || []);
  return oneLine([`[Approve${due ? ` by ${due.short}` : ""}] ${oneLine(what)}`, ...shown].join(", "));
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length > IN_SUBJECT.characters
    ? `${characters.slice(0, IN_SUBJECT.characters - 1).join("")}…`
    : text;
}

function asks({ to, team, label, recordName }: Work, { askedBy }: ApprovalSummary): string {
  const about = recordName ? ` for ${recordName}` : "";
  const decided = `“${label}”${about}`;
  if (to === "user")
    return askedBy ? `${askedBy} asks for your decision on ${decided}.` : `Your decision is needed on ${decided}.`;
  const anybody = `Whoever in ${team} comes to it can decide.`;
  return askedBy
    ? `${askedBy} asks for a decision on ${decided}. ${anybody}`
    : `A decision is needed on ${decided}. ${anybody}`;
}

/** What whoever asks wrote to it, as theirs. */
const wordsOf = ({ askedBy, comments }: ApprovalSummary): string[] =>
  comments ? paragraphsOf(`${oneLine(askedBy ?? "The request")} writes:\n${comments}`) : [];

function factsOf({ processLabel, recordName, team }: Work, { facts, changes, due }: ApprovalSummary): Fact[] {
  const changed = new Map(changes.map(({ label, before }) => [label, before]));
  const marked = facts.map(({ label, value }) => {
    const before = changed.get(label);
    return { label, value: before === undefined ? value : `${value} (changed; it was ${before || "empty"})` };
  });
  const all = [
    { label: "Request", value: recordName },
    ...marked,
    { label: "Process", value: processLabel },
    { label: "Asked of", value: team },
    { label: "Decide by", value: due?.full ?? null },
  ];
  return all.flatMap(({ label, value }) => (value ? [{ label: oneLine(label), value: oneLine(value) }] : []));
}

const withDecision = (path: string, decision: "approve" | "reject") =>
  `${path}${path.includes("?") ? "&" : "?"}decision=${decision}`;

function replyWords({ takesReply, outcomes }: ApprovalSummary): string {
  if (!takesReply) return "";
  const further = outcomes.map((label) => `“${oneLine(label)}”`);
  const words = ["APPROVE", "REJECT", ...further].join(", ").replace(/, ([^,]*)$/, " or $1");
  return `Or reply to this mail: write ${words} in the first line and your comment below it.`;
}

function noteOf({ to, team, inPlaceOf }: Work): string {
  const why = to === "user" ? "it was assigned to you" : `you are a member of ${team}`;
  return oneLine(
    `Nothing is decided by opening a link: you confirm on the page. You get this mail because ${
      inPlaceOf ? `you decide in ${inPlaceOf}'s place` : why
    }.`,
  );
}
