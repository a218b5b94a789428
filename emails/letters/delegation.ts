import type { DelegationEvent, MailContents } from "../content";
import { type Letter, oneLine } from "../letter";

type Content = MailContents["delegation"];
type Told = { readonly heading: string; readonly sentence: string; readonly button: string };

const WHERE = "/account/delegations";

const TOLD: Readonly<Record<DelegationEvent, (content: Content) => Told>> = {
  asked: ({ delegatorName, period }) => ({
    heading: `${delegatorName} asks you to decide in their place`,
    sentence: `${delegatorName} would like you to decide approvals in their place ${period}. It counts once you accept.`,
    button: "Accept or decline…",
  }),
  made: ({ delegatorName, delegateName, byName, period, isDelegate }) => ({
    heading: isDelegate ? `You decide in ${delegatorName}'s place` : `${delegateName} decides in your place`,
    sentence: isDelegate
      ? `${byName} asked you to decide approvals in ${delegatorName}'s place ${period}.`
      : `${byName} asked ${delegateName} to decide approvals in your place ${period}.`,
    button: "See what it covers",
  }),
  accepted: ({ delegateName, period }) => ({
    heading: `${delegateName} decides in your place`,
    sentence: `${delegateName} accepted to decide approvals in your place ${period}.`,
    button: "See what it covers",
  }),
  declined: ({ delegateName, period }) => ({
    heading: `${delegateName} cannot decide in your place`,
    sentence: `${delegateName} declined to decide approvals in your place ${period}. They stay with you; you can ask somebody else.`,
    button: "Ask somebody else",
  }),
  ended: ({ delegatorName, delegateName, byName, isDelegate }) => ({
    heading: isDelegate
      ? `You no longer decide in ${delegatorName}'s place`
      : `${delegateName} no longer decides in your place`,
    sentence: isDelegate
      ? `${byName} ended it. Approvals of ${delegatorName} are theirs again.`
      : `${byName} ended it. Your approvals are yours alone again.`,
    button: "See all of them",
  }),
};

/** Somebody decides in somebody's place, or is asked to. The mail leads to where that is answered, and answers nothing itself. */
export function delegationLetter(content: Content, recipientName: string): Letter {
  const { heading, sentence, button } = TOLD[content.event](content);
  return {
    subject: oneLine(heading),
    preview: oneLine(sentence),
    heading: oneLine(heading),
    greeting: oneLine(`Hello ${recipientName},`),
    paragraphs: [oneLine(sentence)],
    facts: content.reason ? [{ label: "Reason", value: oneLine(content.reason) }] : [],
    buttons: [{ label: button, path: WHERE, tone: "primary" }],
    note: "You get this mail because decisions in your name, or in somebody's name by you, concern you.",
  };
}
