"use server";

import { action } from "../../action";
import { runCommand } from "../../command";
import { newSecret } from "../../people/sign-in/make-link";
import { ok, refuse } from "../../result";
import {
  createSource as createCommand,
  deleteSource as deleteCommand,
  replaceSourceSecret as replaceCommand,
} from "../commands/keep-source";
import { EVENT_SECRET_PREFIX, newSourceInput, sourceNameInput } from "../schema/event";

/** Answers with the secret, this once; a repeat of the same act has none to give. */
export const createSource = action({
  name: "event-source.create",
  schema: newSourceInput,
  run: async ({ person, input: { key: _, ...input }, key = "" }) => {
    const secret = EVENT_SECRET_PREFIX + newSecret();
    let isNew = false;
    const header = { kind: "event-source.create", actorId: person.userId, key, subjectId: input.name };
    const made = await runCommand(header, (tx) => {
      isNew = true;
      return createCommand(tx, person, { ...input, secret });
    });
    if (!made.ok) return made;
    return isNew ? ok({ name: made.value.name, secret }) : refuse("secret-shown");
  },
});

export const replaceSourceSecret = action({
  name: "event-source.replace-secret",
  schema: sourceNameInput,
  run: async ({ person, input: { name }, key = "" }) => {
    const secret = EVENT_SECRET_PREFIX + newSecret();
    let isNew = false;
    const header = { kind: "event-source.replace-secret", actorId: person.userId, key, subjectId: name };
    const made = await runCommand(header, (tx) => {
      isNew = true;
      return replaceCommand(tx, person, { name, secret });
    });
    if (!made.ok) return made;
    return isNew ? ok({ name, secret }) : refuse("secret-shown");
  },
});

export const deleteSource = action({
  name: "event-source.delete",
  schema: sourceNameInput,
  run: ({ person, input: { name }, key = "" }) =>
    runCommand({ kind: "event-source.delete", actorId: person.userId, key, subjectId: name }, (tx) =>
      deleteCommand(tx, person, { name }),
    ),
});
