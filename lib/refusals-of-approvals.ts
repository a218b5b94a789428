import type { Sentence } from "./refusals";

/** Who decides what, and who does not. */
export const APPROVAL_SENTENCES: Readonly<Record<string, Sentence>> = {
  "beyond-delegation": ({ to }) =>
    `${to} left you other processes or smaller amounts. Nothing was decided; what you typed is still here.`,
  "made-by-submitter": ({ to }) =>
    `Whoever asked for this made you decide in ${to}'s place, so you cannot decide on what they ask for. Nothing was decided; what you typed is still here.`,
  "own-request-there": ({ name }) =>
    `${name} is your own request, and who is in here decides on it: another administrator can change that. Nothing was changed.`,
  "own-request-theirs": ({ name, to }) =>
    `${to} decides on ${name} or may come to, and that is your own request: another administrator can do this, or you take the request back first. Nothing was changed.`,
  "decided-before": ({ to }) =>
    `You have a say of your own, so you cannot decide for ${to} too. Nothing was decided; what you typed is still here.`,
  "decided-in-place": ({ to }) =>
    `You decided on this request for ${to}, so you cannot decide for yourself too. Nothing was decided; what you typed is still here.`,
  "decides-elsewhere":
    "You decide at another step of this request, so what was given to your group by hand is another member's to decide. Nothing was decided; what you typed is still here.",
  "nobody-there-decides":
    "Nobody in there may decide this: they decide at other steps of the request, or have decided. Nothing was changed.",
  "decided-as-approver":
    "You decided on this request as an approver, or somebody did in your place, so you cannot decide for its other approvers too, nor lead it past them: another administrator may. Nothing was changed.",
  "own-submission":
    "Nobody decides on what they submitted themselves, nor by whom or how it is decided. Nothing was changed; what you typed is still here.",
  "skip-undecided":
    "This process asks for a password at each decision: skip the step without a decision, or decide in its approvers' place. Nothing was changed.",
  "group-votes":
    "The members of a group vote at this step, each for themselves: give it to one person, and add the others as approvers. Nothing was changed.",
  "vote-on-own-item":
    "Each member of this group votes on an item of their own; yours is in My work. Nothing was changed.",
  "child-not-reassignable":
    "A member's vote in a group cannot be given to somebody else; add an approver instead. Nothing was changed.",
  "password-none":
    "This process asks for your password again, and you have none: ask an administrator for a link to set one. Nothing was decided; what you typed is still here.",
  "already-approver": "They decide on this already, or have decided. Nothing was changed.",
  "said-already":
    "You have decided on this once, for yourself or in somebody's place. Nothing was decided by this; what you typed is still here.",
  "already-asked": "They have been asked, and have not answered yet. Nothing was changed.",
  "not-an-approval": "This can be done to approvals only. Nothing was changed.",
  "not-a-question": "This is no question and nothing that was sent back. Nothing was changed.",
  "not-a-vote": "This is nobody's vote in a group. Nothing was changed.",
};
