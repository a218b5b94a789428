import { instantInWords } from "./logic/instant-in-words";
import { APPROVAL_SENTENCES } from "./refusals-of-approvals";
import { FILE_SENTENCES } from "./refusals-of-files";
import { REPLY_SENTENCES } from "./refusals-of-replies";
import type { Refusal } from "./result";

/**
 * What people read when something is refused: one sentence for each code, which names what is the matter, what was done (nothing, unless
 * it says so) and what helps. `details` are the values the sentence names.
 */
type Details = Readonly<Record<string, string | number>>;
export type Sentence = string | ((details: Details) => string);

const say = (value: string | number | undefined, otherwise: string): string =>
  value === undefined || value === "" ? otherwise : String(value);

const SENTENCES: Readonly<Record<string, Sentence>> = {
  // Requests
  "not-found": "There is no such thing here, or it is not yours to use. Nothing was changed.",
  "signed-out": "You are signed out. Nothing was changed; sign in again to go on.",
  "key-reused": "This key was already used for something else. Nothing was changed; send it with a key of its own.",
  "token-needed": "This needs an API token: send Authorization: Bearer, then the token. Nothing was changed.",
  "token-unknown": "This token is not known, was revoked, or is too old. Nothing was changed.",
  "token-scope": ({ scope }) =>
    `This token may not do that${scope ? `; it needs the scope ${scope}` : ""}. Nothing was changed.`,
  "foreign-origin": "This came from another site and was not carried out. Open Baton at its own address and try again.",
  "too-large": ({ limit }) =>
    `That is more than ${say(limit, "1 MB")}, which is the most Baton takes at once. Nothing was changed.`,
  "too-deep": ({ limit }) => `That is nested more than ${say(limit, "32")} levels deep. Nothing was changed.`,
  "too-many-keys": ({ limit }) => `That has more than ${say(limit, "2,000")} entries. Nothing was changed.`,
  "too-long": ({ limit }) => `One text is longer than ${say(limit, "100 KB")}. Nothing was changed.`,
  unprintable: "A text holds a character that cannot be kept. Nothing was changed.",
  invalid: "Please look at the marked fields. Nothing was changed.",
  "not-json": "The body is not JSON. Nothing was changed.",
  "body-cut": "What was sent broke off before its end. Nothing was changed.",
  "key-missing":
    "The header Idempotency-Key is needed: any text of up to 200 characters, a new one for each act. Nothing was changed.",
  "too-often": ({ seconds }) => `That was tried too often. Please wait ${waitingTime(seconds)}. Nothing was changed.`,
  busy: "Baton is busy or its database does not answer. Nothing was changed; please try again in a moment.",
  "outcome-unknown":
    "The connection to the database broke. Please try again: if it was already done, it will not be done twice.",
  fault: ({ id }) =>
    `Something went wrong on our side (code ${say(id, "unknown")}). Nothing was changed by it; what you typed is still here.`,
  "database-too-old": ({ found, oldest }) =>
    `PostgreSQL ${say(found, "")} is too old; Baton needs PostgreSQL ${say(oldest, "15")} or newer. Nothing was changed.`,
  "changed-meanwhile": ({ name }) =>
    `Somebody else changed ${say(name, "this")} after you opened it. Nothing of yours was saved; what you typed is still here. Open it in another tab to see it as it is now.`,
  conflict: "Somebody else changed this meanwhile. Nothing of yours was saved; look at it as it is now and try again.",

  // People
  "delegation-circle": ({ circle }) => `Somebody would decide in their own place: ${circle}. Nothing was changed.`,
  "delegation-chain": ({ circle }) => `That makes too long a chain: ${circle}. Nothing was changed.`,
  "delegation-over": "This was answered or is over already. Nothing was changed.",
  "too-many-delegations": ({ limit }) => `There are ${limit} of these already; end some first. Nothing was changed.`,
  "wrong-credentials": "That name and password do not belong together. You can also ask for a link by mail.",
  "wrong-password": "That is not your present password. Nothing was changed.",
  "link-used": "This link was used already, is too old, or is not for this browser. Ask for a new one.",
  "setup-link-used":
    "This set-up link was used already or is older than an hour. While there is no administrator, starting Baton again prints a new one.",
  "common-password": "That password is on lists that attackers try first. Nothing was changed; choose another.",
  "name-taken": ({ name }) => `${say(name, "That name")} is taken already. Nothing was changed.`,
  "email-taken": ({ email }) =>
    `Somebody with the address ${say(email, "you gave")} is here already. Nothing was changed.`,
  "manager-circle": ({ name }) =>
    `${say(name, "That person")} reports to this person, so they cannot be the manager. Nothing was changed.`,
  "group-circle": ({ name }) =>
    `${say(name, "That group")} holds this group already, so it cannot be put into it. Nothing was changed.`,
  "nested-too-deep": ({ limit }) => `Groups lie at most ${say(limit, "10")} deep in one another. Nothing was changed.`,
  "too-many-members": ({ limit }) =>
    `A group or queue may have at most ${say(limit, "1,000")} members, those of groups in it too. Nothing was changed.`,
  "has-open-work": ({ name }) =>
    `Open work lies with ${say(name, "this person")}; reassign it first. Nothing was changed.`,
  "too-many-votes": ({ limit }) => `More than ${say(limit, "500")} votes would end at once. Nothing was changed.`,
  "last-admin": "This is the last active admin; make somebody else an admin first. Nothing was changed.",
  "not-yourself": "You cannot do that to yourself; ask another admin. Nothing was changed.",
  "token-shown": "The token was made, but it is shown only once and the answer was lost. Revoke it and make a new one.",
  "too-many-tokens": ({ limit }) => `You have ${say(limit, "20")} tokens; revoke one first. Nothing was changed.`,

  // Records
  "record-changed": ({ by, at }) =>
    `${say(by, "Somebody")} changed this record at ${instantInWords(String(at))}, after you opened it. Nothing of yours was saved; what you typed is still here.`,
  "object-exists": ({ name }) =>
    `There is an object named ${say(name, "that")} already. Nothing was changed; please choose another API name.`,
  "field-exists": ({ name }) =>
    `This object has a field named ${say(name, "that")} already. Nothing was changed; please choose another API name.`,
  "has-records": ({ label, count }) =>
    `${say(label, "This object")} has ${count === 1 ? "one record" : `${say(count, "some")} records`}, and is deleted only when it has none. Nothing was changed.`,
  "has-values": ({ label, count }) =>
    `${count === 1 ? "One record has" : `${say(count, "Some")} records have`} a value in ${say(label, "this field")}; it is deleted only when none has. Nothing was changed.`,
  "in-use": ({ label, users, more }) =>
    `${say(label, "This")} is still used by ${say(users, "something")}${more ? ` and ${more} more` : ""}. Nothing was changed; take it out there first.`,
  "too-many-objects": ({ limit }) => `There may be at most ${say(limit, "200")} objects. Nothing was changed.`,
  "too-many-to-delete": ({ limit }) => `More than ${say(limit, "2,000")} records would be deleted at once.`,
  "too-many-fields": ({ limit }) => `An object may have at most ${say(limit, "100")} fields. Nothing was changed.`,

  // Screens
  "screen-moved":
    "This form went on in another tab. Nothing of this one was taken; open the work again to see where it is.",
  "interview-finished": "This form was sent already. Nothing was changed.",
  "no-flow": "This work has no form; decide with Approve or Reject.",
  "flow-missing": ({ flow }) =>
    `The form of this work, ${say(flow, "its flow")}, cannot be found. Nothing was changed; an admin can help.`,
  "flow-broken": ({ error }) =>
    `This form cannot be opened: ${say(error, "its flow failed.")} Nothing was changed; an admin can help.`,
  "undeclared-object": ({ object }) =>
    `this flow reads a record of ${say(object, "an object")}, which none of its elements and variables names.`,
  "no-such-run": "there is no such run to wake.",
  "unstorable-value": "The database cannot store one of the values.",
  "unknown-action": ({ name }) => `There is no action called ${say(name, "that")}. Nothing was changed.`,

  // Definitions
  "definition-invalid":
    "This definition cannot be used as it is; every problem is listed with its place. Nothing was changed.",
  "run-as-admin": ({ name }) =>
    `A step of it runs with the rights of ${say(name, "somebody")}, which only an admin can lend. Nothing was changed; ask an admin to look at it and activate it.`,
  "draft-changed": ({ name }) =>
    `Somebody else saved ${say(name, "this definition")} while you were editing it. Nothing of yours was saved; copy your text, open it again and bring the two together.`,
  "draft-of-other": ({ name, version, by, base }) =>
    `${say(name, "This definition")} has a draft of ${say(by, "somebody else")}, version ${say(version, "unknown")}, that this would bury; it was expected to have ${base === undefined ? "no version yet" : `version ${base} as its newest`}. Nothing was changed: activate that draft first, or open it and bring the two together.`,
  "definition-fixed": ({ name, type }) =>
    `${say(name, "It")} exists already as ${say(type, "something else")}, and what a definition is never changes once it was active. Nothing was changed; use another name.`,
  "too-many-versions": ({ name, max }) =>
    `${say(name, "This definition")} has ${say(max, "50")} versions, which is the most one may have. Nothing was changed; export it and go on under a new name.`,
  "not-active": ({ name }) => `No version of ${say(name, "it")} is active. Nothing was changed.`,
  "flow-in-use": ({ name, count }) =>
    `${say(name, "This flow")} may still be called by ${count === 1 ? "one process" : `${say(count, "several")} processes`}. Nothing was changed; deactivate it anyway and their steps end in Error when they come to it.`,
  "calendar-in-use": ({ name, by }) =>
    `${say(name, "This calendar")} is used by ${say(by, "Baton itself")}. Nothing was changed.`,
  "too-many-calendars": ({ limit }) => `There may be at most ${say(limit, "200")} calendars. Nothing was changed.`,
  "bundle-size": ({ count, max }) =>
    `A file may hold 1 to ${say(max, "100")} definitions; this one holds ${say(count, "another number")}. Nothing was changed.`,

  // Connections
  "operation-changed": ({ name }) =>
    `Somebody else changed ${say(name, "this operation")} after you opened it. Nothing of yours was saved; what you typed is still here.`,
  "operation-in-use": ({ name, definition }) =>
    `${say(name, "This operation")} is called by ${say(definition, "an active process")}. Nothing was changed; deactivate that first.`,
  "operation-broken": ({ reason }) => `It cannot be called: ${say(reason, "it is not complete")}. Nothing was sent.`,
  "connection-in-use": ({ operation }) =>
    `The operation ${say(operation, "that")} uses this connection. Nothing was changed; delete the operation first.`,
  "credential-in-use": ({ connection }) =>
    `The connection ${say(connection, "that")} uses this credential. Nothing was changed; take it away there first.`,
  "credential-elsewhere": ({ origin }) =>
    `This credential is for ${say(origin, "another server")} and is sent nowhere else. Nothing was changed; make one for the new address.`,
  "label-taken": ({ label }) => `There is one called ${say(label, "that")} already. Nothing was changed.`,
  "event-unsigned":
    "This event is not signed as it must be: by a source that is known here, over its time, its number and its exact body. Nothing was done.",
  "event-late": "This event was signed more than five minutes ago, or ahead of time. Nothing was done.",
  "event-elsewhere": "The run that this event is about is none of its source's process. Nothing was done.",
  "secret-shown": "It was made, but its secret is shown only once and the answer was lost. Make another secret for it.",
  "too-many-connections": ({ limit }) =>
    `There may be at most ${say(limit, "200")} of these. Nothing was changed; delete one first.`,

  // Mails
  "no-recipient": ({ to }) =>
    to
      ? `${to} is neither a person here nor an e-mail address, so no mail was sent.`
      : "The mail has no recipient, so it was not sent.",
  "mail-empty": "A mail needs a subject and a text; it was not sent.",
  "mail-too-long": ({ limit }) => `A mail may have at most ${say(limit, "20000")} characters; it was not sent.`,

  // Runs and work
  "run-exists": "This run exists already. Nothing was changed.",
  "run-closed": ({ status }) => `This run has ended${status ? ` (${statusText(status)})` : ""}. Nothing was changed.`,
  "nothing-to-retry": "This run is in progress; there is nothing to try again. Nothing was changed.",
  "chain-too-long": ({ limit }) =>
    `Runs started one another ${say(limit, "10")} times, the most that is allowed. Nothing was started.`,
  "run-suspended": "This run is suspended; resume it first. Nothing was changed.",
  "not-suspended": ({ status }) =>
    `Only a suspended run can be resumed${status ? `; this one is ${statusText(status)}` : ""}. Nothing was changed.`,
  "unknown-step": ({ step }) => `This process has no step called ${say(step, "that")}. Nothing was started.`,
  "rolled-back": "What was played was undone. Nothing was changed.",
  "no-such-stage": ({ stage }) => `This process has no stage called ${say(stage, "that")}. Nothing was changed.`,
  "not-a-background-step": "Only the flow of a background step locks the record of its run.",
  "no-record-to-lock": "The run is about no record, so there is none to lock.",
  "record-locked": ({ by, since }) =>
    `This record is locked by ${say(by, "a run")}${since ? ` since ${instantInWords(String(since))}` : ""}; only the run and those it lets may change it until it is unlocked. Nothing was saved.`,
  "already-running":
    "This is running for that record already, and only one run at a time is allowed. Nothing was started.",
  "not-startable": "This starts by itself when a record changes; it cannot be started by hand. Nothing was started.",
  "start-not-met": ({ label }) =>
    `${say(label, "This")} is not for this record as it is now: its start condition does not hold. Nothing was started.`,
  "record-needed": ({ object }) =>
    `This is about a record of ${say(object, "an object")}; start it from one. Nothing was started.`,
  "wrong-object": ({ object }) => `This is about records of ${say(object, "another object")}. Nothing was started.`,
  "unknown-input": ({ name }) => `It has no input called ${say(name, "that")}. Nothing was started.`,
  "wrong-input": ({ name, type }) =>
    `The input ${say(name, "")} must be of the type ${say(type, "that it was given")}. Nothing was started.`,
  "step-not-open": "This step is not in progress any more. Nothing was changed.",
  "item-closed": (details) => `${closedText(details)} Nothing was changed; what you typed is still here.`,
  "not-your-work": ({ to }) =>
    `This is not yours to do${to ? `: it is with ${to} now` : ""}. Nothing was changed; what you typed is still here.`,
  "claimed-by-other": ({ by }) =>
    `${say(by, "Somebody else")} has claimed this work. Nothing was changed; you can take it over.`,
  "not-claimable": "This work is one person's already, so there is nothing to claim.",
  "not-claimed": "Nobody has claimed this work, so there is nothing to release.",
  "unknown-outcome": ({ outcome }) =>
    `This step knows no outcome ${say(outcome, "of that name")}. Nothing was changed.`,
  "reason-needed": "Say why, in a few words. Nothing was changed.",
  "not-recallable": ({ status }) =>
    `Only a submission in progress can be recalled, where its process allows it${status && status !== "none" ? `; this one is ${statusText(status)}` : ""}. Nothing was changed.`,
  "same-assignee": "The work is with them already. Nothing was changed.",
  "unknown-assignee": "There is no such active person, group or queue. Nothing was changed.",
  ...APPROVAL_SENTENCES,
  ...REPLY_SENTENCES,
  ...FILE_SENTENCES,
  "facts-changed": ({ name, what }) =>
    `${name ? `${name} was changed` : "The record was deleted"} after you opened this${name && what ? ` (${what})` : ""}, so you would decide on something else than you saw. Nothing was decided; look at it as it is now. What you typed is still here.`,
  "password-needed": "This process asks for your password again at each decision. Nothing was decided yet.",
  "password-wrong": "That is not your password. Nothing was decided; what you typed is still here.",
  "needs-screens": "This work has a form of its own; please finish it there. Nothing was changed.",
};

/** HTTP statuses of the codes that have another than 409, a state of affairs. */
const STATUSES: Readonly<Record<number, readonly string[]>> = {
  400: [
    "unprintable",
    "file-unnamed",
    "file-name-long",
    "file-empty",
    "file-cut",
    "invalid",
    "not-json",
    "body-cut",
    "key-missing",
    "common-password",
    "record-needed",
    "wrong-object",
    "unknown-input",
    "wrong-input",
    "unknown-assignee",
  ],
  401: ["signed-out", "token-needed", "token-unknown", "wrong-credentials", "event-unsigned"],
  403: [
    "password-needed",
    "password-wrong",
    "password-none",
    "run-as-admin",
    "token-scope",
    "foreign-origin",
    "wrong-password",
    "not-your-work",
    "own-submission",
  ],
  404: ["not-found", "event-elsewhere"],
  409: ["key-reused"],
  410: ["link-used", "setup-link-used"],
  413: ["too-large", "too-deep", "too-many-keys", "too-long", "bundle-size", "mail-too-long", "file-large"],
  415: ["file-type", "file-other", "file-markup", "file-macros"],
  422: ["definition-invalid", "no-recipient", "mail-empty"],
  429: ["too-often"],
  500: ["fault"],
  503: ["busy", "outcome-unknown", "database-too-old"],
};

const statusText = (status: string | number): string => String(status).replaceAll("_", " ");

/** Who was first, with what, and when; or that nobody needed it any more. */
function closedText({ by, at, outcome, label, kind }: Details): string {
  const when = at ? ` at ${instantInWords(String(at))}` : "";
  if (kind === "withdrawn")
    return `This was withdrawn${when}, because it was no longer needed: whoever asked took it back, or the process went another way.`;
  if (!by) return `This work was closed${when}, because it was no longer needed.`;
  const other = label ? `decided this as “${label}”` : "finished this work";
  const did = outcome === "approve" ? "approved this" : outcome === "reject" ? "rejected this" : other;
  return `${by} already ${did}${when}.`;
}

function waitingTime(seconds: string | number | undefined): string {
  const count = Number(seconds ?? 60);
  if (count < 90) return `${Math.max(1, Math.ceil(count))} seconds`;
  return `${Math.ceil(count / 60)} minutes`;
}

/** Whether the table knows the code; a test asks it for every code in use. */
export const isKnownCode = (code: string): boolean => Object.hasOwn(SENTENCES, code);

/** The sentence for people. A code that the table does not know still says that nothing happened. */
export function sentenceOf({ code, details }: Refusal): string {
  const sentence = isKnownCode(code) ? SENTENCES[code] : undefined;
  if (sentence === undefined) return `This cannot be done as things are (${code}). Nothing was changed.`;
  return typeof sentence === "string" ? sentence : sentence(details ?? {});
}

/** The HTTP status of a refusal. */
export function statusOf(code: string): number {
  const found = Object.entries(STATUSES).find(([, codes]) => codes.includes(code));
  return found ? Number(found[0]) : 409;
}
