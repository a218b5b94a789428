"use server";

import { action } from "../action";
import { runCommand } from "../command";
import { ok } from "../result";
import { askForLink as askForLinkCommand } from "./commands/ask-for-link";
import {
  changeProfile as changeProfileCommand,
  endOtherSessions as endOtherSessionsCommand,
  endOwnSession,
} from "./commands/change-account";
import { changePassword as changePasswordCommand } from "./commands/change-password";
import { resetPassword as resetPasswordCommand } from "./commands/change-person";
import { createPlace as createPlaceCommand } from "./commands/change-place";
import { createPerson as createPersonCommand } from "./commands/create-person";
import { setUp as setUpCommand } from "./commands/make-first-admin";
import type { Person } from "./current-person";
import {
  askForLinkInput,
  changePasswordInput,
  firstAdminInput,
  keyInput,
  newPersonInput,
  newPlaceInput,
  personIdInput,
  profileInput,
  sessionIdInput,
} from "./schema";
import { hashPassword } from "./sign-in/hash-password";
import { judgePassword } from "./sign-in/judge-password";
import { markBrowser } from "./sign-in/mark-browser";
import { readAddress } from "./sign-in/read-address";
import { throttle } from "./sign-in/throttle";

type Act = { readonly key: string; readonly subjectId?: string };
const header = (kind: string, person: Person, { key, subjectId = person.userId }: Act) => ({
  kind,
  actorId: person.userId,
  key,
  subjectId,
});

export const createPerson = action({
  name: "people.create",
  schema: newPersonInput,
  run: ({ person, input }) =>
    runCommand(header("people.create", person, input), (tx) => createPersonCommand(tx, person, input)),
});

export const resetPassword = action({
  name: "people.reset-password",
  schema: personIdInput,
  run: ({ person, input }) =>
    runCommand(header("people.reset-password", person, { key: input.key, subjectId: input.userId }), (tx) =>
      resetPasswordCommand(tx, person, input),
    ),
});

export const createPlace = action({
  name: "people.create-place",
  schema: newPlaceInput,
  run: ({ person, input }) =>
    runCommand(header("people.create-place", person, input), (tx) => createPlaceCommand(tx, person, input)),
});

export const changeProfile = action({
  name: "account.change-profile",
  schema: profileInput,
  run: ({ person, input }) =>
    runCommand(header("account.change-profile", person, input), (tx) => changeProfileCommand(tx, person, input)),
});

export const changePassword = action({
  name: "account.change-password",
  schema: changePasswordInput,
  run: ({ person, input }) => changePasswordCommand(person, input),
});

export const endSession = action({
  name: "account.end-session",
  schema: sessionIdInput,
  run: ({ person, input }) =>
    runCommand(header("account.end-session", person, { key: input.key, subjectId: input.sessionId }), (tx) =>
      endOwnSession(tx, person, input),
    ),
});

export const endOtherSessions = action({
  name: "account.end-other-sessions",
  schema: keyInput,
  run: ({ person, input }) =>
    runCommand(header("account.end-other-sessions", person, input), (tx) => endOtherSessionsCommand(tx, person)),
});

/** Mails a sign-in link for this browser. Says the same whoever was named. */
export const askForLink = action.forAnyone({
  name: "people.ask-for-link",
  schema: askForLinkInput,
  run: async ({ input, headers }) =>
    askForLinkCommand({
      name: input.name,
      next: input.next,
      browserMark: await markBrowser(),
      address: readAddress(headers),
    }),
});

/** Makes the first admin by the link that the start prints. Tries count by address, because each makes the server hash. */
export const setUp = action.forAnyone({
  name: "people.set-up",
  schema: firstAdminInput,
  run: async ({ input, headers }) => {
    const tooOften = await throttle([{ rule: "linkAddress", what: `set up\n${readAddress(headers)}` }]);
    const refusal = tooOften ?? judgePassword(input.password, input);
    if (refusal) return { ok: false, refusal };
    const hash = await hashPassword(input.password);
    const done = await runCommand({ kind: "people.set-up", actorId: null, key: input.key }, (tx) =>
      setUpCommand(tx, input, hash),
    );
    return done.ok ? ok(null) : done;
  },
});
