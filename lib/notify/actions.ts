"use server";

import { action } from "../action";
import { runCommand } from "../command";
import { markRead, prefer } from "./commands";
import { markReadInput, preferInput, replyInput } from "./schema";
import { sendReply } from "./send-reply";

export const markMailRead = action({
  name: "mailbox.mark-read",
  schema: markReadInput,
  run: ({ person, input }) =>
    runCommand(
      { kind: "mailbox.mark-read", actorId: person.userId, key: input.key, subjectId: input.messageId },
      (tx) => markRead(tx, person, input),
    ),
});

export const replyToMail = action({
  name: "mailbox.reply",
  schema: replyInput,
  run: ({ person, input }) => sendReply(person, input),
});

export const preferMails = action({
  name: "mail.prefer",
  schema: preferInput,
  run: ({ person, input: { key, ...wish } }) =>
    runCommand({ kind: "mail.prefer", actorId: person.userId, key, subjectId: person.userId }, (tx) =>
      prefer(tx, person, wish),
    ),
});
