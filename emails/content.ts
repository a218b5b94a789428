/**
 * What each kind of mail is told, as it lies in the outbox until the mail is sent. Facts only: words are the letters' (`emails/letters`),
 * the recipient's name and address come from their row at that moment. A `path` begins with "/" and is a page of this installation.
 */
export type MailContents = {
  /** Work was given to a person, or to everybody in a group or queue. */
  assignment: {
    readonly to: "user" | "group" | "queue";
    /** The group's or queue's name; null for a person. */
    readonly team: string | null;
    /** Whose the work is, when the recipient decides in their place. */
    readonly inPlaceOf?: string;
    readonly workKind: "interactive" | "approval" | "question" | "revision";
    readonly label: string;
    readonly processLabel: string;
    readonly recordName: string | null;
    /** The page with the work open, e.g. `/records/Employee/rec_…?item=wi_…`. */
    readonly path: string;
    /** The step's own words, when it has some. */
    readonly subject: string | null;
    readonly body: string | null;
    /** What is asked, of a question; what is to be done, of what was sent back. */
    readonly prompt?: string | null;
    /** Of an approval: read when the mail is sent, and never in the outbox. */
    readonly approval?: ApprovalSummary;
  };
  /** What became of a submission, to whoever submitted. */
  submission: {
    readonly processLabel: string;
    readonly recordName: string | null;
    readonly path: string;
    readonly status: "approved" | "rejected" | "recalled" | "canceled" | "error";
    /** What the last approver wrote, and who that is. */
    readonly comments?: string | null;
    readonly decidedBy?: string | null;
    /** Where nobody decided in time: the step's label, and that of the outcome it then had. */
    readonly ranOut?: { readonly step: string; readonly outcome: string } | null;
  };
  /** What concerns an open item beside its assignment: it is due, or a question about it was answered. */
  notice: {
    readonly about: "reminder" | "answer";
    /** Whose the work is, when the recipient decides in their place. */
    readonly inPlaceOf?: string;
    readonly label: string;
    readonly processLabel: string;
    readonly recordName: string | null;
    readonly path: string;
    /** ISO instant by which it is due; null: it has none. */
    readonly dueAt: string | null;
    /** What was answered; null for reminders. */
    readonly text: string | null;
  };
  /** What became of an answer by mail, to whom the mail was sent: never to whoever sent the answer. */
  reply: {
    readonly label: string;
    readonly recordName: string | null;
    readonly path: string;
    /** What they were understood to say, in the step's words; null: nothing was decided. */
    readonly decided: string | null;
    readonly comments: string | null;
    /** Why nothing was decided. */
    readonly problem: string | null;
    /** What of the request is not as the mail told it; null or absent: that is not why. */
    readonly changes?: readonly { readonly label: string; readonly before: string; readonly after: string }[] | null;
    /** What may be said in the first line; none where that is not why nothing was decided. */
    readonly words: readonly string[];
  };
  /** A run ended in Error, to its author and the admins. */
  failure: {
    readonly processLabel: string;
    readonly recordName: string | null;
    readonly path: string;
    readonly error: string;
    /** Whether the run went on, by the fault path of the stage. */
    readonly isCaught?: boolean;
    /** The step that failed, with its stage; absent or null: none did. */
    readonly step?: string | null;
    /** The elements at which its flow stopped, the outermost flow first. */
    readonly trace?: readonly string[];
    /** The last elements that it passed, in their order. */
    readonly passed?: readonly string[];
  };
  /** What a flow's send-e-mail action says. */
  flow: { readonly subject: string; readonly body: string };
  /** `path` carries the secret; it is taken out of the outbox when the mail has ended, one way or the other. */
  sign_in_link: { readonly path: string; readonly minutes: number };
  account: { readonly event: AccountEvent };
  /** Somebody decides in somebody's place, or is asked to; to both of them but whoever did it. */
  delegation: {
    readonly event: DelegationEvent;
    readonly delegatorName: string;
    readonly delegateName: string;
    /** Who did what is told. */
    readonly byName: string;
    /** "from Friday 1 May until Monday 4 May (Europe/Berlin)" */
    readonly period: string;
    readonly reason: string;
    /** Whether the recipient is who decides in the other's place. */
    readonly isDelegate: boolean;
  };
  /** Instead of single mails: the first of them, and how many they were. `because` they were beyond the bound, if it does not say that they were to be gathered. */
  digest: {
    readonly lines: readonly DigestLine[];
    readonly count: number;
    readonly because?: "daily" | "bundle";
  };
};

/** What an approver is told of a request, in words and in their time zone. */
export type ApprovalSummary = {
  /** Who submitted it; null: Baton itself. */
  readonly askedBy: string | null;
  /** What they wrote to it. */
  readonly comments: string | null;
  /** What the author of the process marked for mails, and nothing else of the record (S56). */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** Of those what is different from what was decided on last. */
  readonly changes: readonly { readonly label: string; readonly before: string; readonly after: string }[];
  /** Why it is on this desk. */
  readonly why: string;
  /** By when: in a subject ("Fri"), and in full. */
  readonly due: { readonly short: string; readonly full: string } | null;
  /** Labels of what may be said beside Approve and Reject. */
  readonly outcomes: readonly string[];
  /** Whether the mail can be answered with the decision. */
  readonly takesReply: boolean;
};

/** The subject of a mail that was not sent by itself, and the page it led to. */
export type DigestLine = {
  readonly subject: string;
  readonly path: string;
  /** Of an assignment: the line is left out once that is void. */
  readonly workItemId?: string | null;
  readonly assignmentNo?: number | null;
};

/** What somebody is told that happened to their account, by them or not. */
export type AccountEvent =
  | "invited"
  | "password_reset"
  | "password_changed"
  | "email_changed"
  | "role_changed"
  | "token_created";

/** `asked`: waits for an answer. `made`: by an admin, and in force without one. */
export type DelegationEvent = "asked" | "made" | "accepted" | "declined" | "ended";

type MailKind = keyof MailContents;

/** One mail: its kind and what that kind is told. */
export type MailContent = {
  readonly [K in MailKind]: { readonly kind: K; readonly content: MailContents[K] };
}[MailKind];
