"use server";

import { action } from "../../action";
import { runCommand } from "../../command";
import type { Person } from "../../people/current-person";
import { allowHost as allowHostCommand, removeHost as removeHostCommand } from "../commands/allow-host";
import {
  changeConnection as changeConnectionCommand,
  createConnection as createConnectionCommand,
  deleteConnection as deleteConnectionCommand,
} from "../commands/keep-connection";
import {
  createCredential as createCredentialCommand,
  deleteCredential as deleteCredentialCommand,
  replaceSecret as replaceSecretCommand,
  rotateCredentials as rotateCredentialsCommand,
} from "../commands/keep-credential";
import {
  changeConnectionInput,
  connectionIdInput,
  credentialIdInput,
  hostInput,
  keyOnlyInput,
  newConnectionInput,
  newCredentialInput,
  replaceSecretInput,
} from "../schema/connection";

/** `key` is bound to what was sent with it: only a digest of a secret is in it, and the key itself, which is random, is kept nowhere. */
type Ask = { readonly person: Person; readonly key?: string };
const header = (kind: string, { person, key = "" }: Ask, subjectId?: string) => ({
  kind,
  actorId: person.userId,
  key,
  ...(subjectId ? { subjectId } : {}),
});

export const allowHost = action({
  name: "connection.allow-host",
  schema: hostInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("connection.allow-host", ask), (tx) => allowHostCommand(tx, ask.person, input)),
});

export const removeHost = action({
  name: "connection.remove-host",
  schema: hostInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("connection.remove-host", ask), (tx) => removeHostCommand(tx, ask.person, input)),
});

export const createCredential = action({
  name: "connection.create-credential",
  schema: newCredentialInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("connection.create-credential", ask), (tx) => createCredentialCommand(tx, ask.person, input)),
});

export const replaceSecret = action({
  name: "connection.replace-secret",
  schema: replaceSecretInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("connection.replace-secret", ask, input.credentialId), (tx) =>
      replaceSecretCommand(tx, ask.person, input),
    ),
});

export const deleteCredential = action({
  name: "connection.delete-credential",
  schema: credentialIdInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("connection.delete-credential", ask, input.credentialId), (tx) =>
      deleteCredentialCommand(tx, ask.person, input),
    ),
});

export const rotateCredentials = action({
  name: "connection.rotate-credentials",
  schema: keyOnlyInput,
  run: (ask) =>
    runCommand(header("connection.rotate-credentials", ask), (tx) => rotateCredentialsCommand(tx, ask.person)),
});

export const createConnection = action({
  name: "connection.create",
  schema: newConnectionInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("connection.create", ask), (tx) => createConnectionCommand(tx, ask.person, input)),
});

export const changeConnection = action({
  name: "connection.change",
  schema: changeConnectionInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("connection.change", ask, input.connectionId), (tx) =>
      changeConnectionCommand(tx, ask.person, input),
    ),
});

export const deleteConnection = action({
  name: "connection.delete",
  schema: connectionIdInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("connection.delete", ask, input.connectionId), (tx) =>
      deleteConnectionCommand(tx, ask.person, input),
    ),
});
