import type { MailContent } from "./content";
import type { Letter } from "./letter";
import { accountLetter } from "./letters/account";
import { approvalLetter } from "./letters/approval";
import { assignmentLetter } from "./letters/assignment";
import { delegationLetter } from "./letters/delegation";
import { digestLetter } from "./letters/digest";
import { failureLetter } from "./letters/failure";
import { flowLetter } from "./letters/flow";
import { noticeLetter } from "./letters/notice";
import { replyLetter } from "./letters/reply";
import { signInLetter } from "./letters/sign-in";
import { submissionLetter } from "./letters/submission";

/** Puts a mail into words. */
export function compose(mail: MailContent, recipientName: string): Letter {
  switch (mail.kind) {
    case "assignment":
      return mail.content.workKind === "approval"
        ? approvalLetter(mail.content, recipientName)
        : assignmentLetter(mail.content, recipientName);
    case "submission":
      return submissionLetter(mail.content, recipientName);
    case "notice":
      return noticeLetter(mail.content, recipientName);
    case "reply":
      return replyLetter(mail.content, recipientName);
    case "failure":
      return failureLetter(mail.content, recipientName);
    case "flow":
      return flowLetter(mail.content);
    case "sign_in_link":
      return signInLetter(mail.content, recipientName);
    case "account":
      return accountLetter(mail.content, recipientName);
    case "delegation":
      return delegationLetter(mail.content, recipientName);
    case "digest":
      return digestLetter(mail.content, recipientName);
  }
}
