"use server";

import { transaction } from "../../../db/transaction";
import { action } from "../../action";
import { runCommand } from "../../command";
import { newId } from "../../ids";
import { saveDraft as save } from "../../interviews/commands/save-draft";
import { openInterviewInput, saveDraftInput, submitScreenInput } from "../../interviews/schema";
import { openScreens } from "../open-screens";
import { sendScreen } from "../send-screen";

/** Begins or finds again the screens of a work item. Not answered from a key: what is shown is how it stands now. */
export const openInterview = action({
  name: "work.openInterview",
  schema: openInterviewInput,
  run: ({ person, input }) =>
    runCommand({ kind: "open-interview", actorId: person.userId, subjectId: input.workItemId }, (tx) =>
      openScreens(tx, person, input),
    ),
});

/** Next, Finish or Back. */
export const submitScreen = action({
  name: "work.submitScreen",
  schema: submitScreenInput,
  run: ({ person, input }) => sendScreen(person, input),
});

/** Keeps what is typed between two Nexts. A draft is no command: it has no key and is no part of the run. */
export const saveDraft = action({
  name: "work.saveDraft",
  schema: saveDraftInput,
  run: ({ person, input }) =>
    transaction({ commandId: newId("command"), actorId: person.userId }, (tx) => save(tx, person, input)),
});
