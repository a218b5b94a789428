"use server";

import { action } from "../../action";
import { runCommand } from "../../command";
import * as commands from "../delegation/commands";
import { answerDelegationInput, endDelegationInput, newDelegationInput } from "../schema/delegation";

export const createDelegation = action({
  name: "delegation.create",
  schema: newDelegationInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand(
      { kind: "delegation.create", actorId: person.userId, key, subjectId: input.delegatorId ?? person.userId },
      (tx) => commands.createDelegation(tx, person, input),
    ),
});

export const answerDelegation = action({
  name: "delegation.answer",
  schema: answerDelegationInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "delegation.answer", actorId: person.userId, key, subjectId: input.delegationId }, (tx) =>
      commands.answerDelegation(tx, person, input),
    ),
});

export const endDelegation = action({
  name: "delegation.end",
  schema: endDelegationInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "delegation.end", actorId: person.userId, key, subjectId: input.delegationId }, (tx) =>
      commands.endDelegation(tx, person, input),
    ),
});
