"use server";

import { action } from "../action";
import { runCommand } from "../command";
import { markRead } from "./commands";
import { markReadInput } from "./schema";

export const markMailRead = action({
  name: "mailbox.mark-read",
  schema: markReadInput,
  run: ({ person, input }) =>
    runCommand(
      { kind: "mailbox.mark-read", actorId: person.userId, key: input.key, subjectId: input.messageId },
      (tx) => markRead(tx, person, input),
    ),
});
