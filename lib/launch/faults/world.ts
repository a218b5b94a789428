import { db } from "../../../db/client";
import type { Tx } from "../../../db/transaction";
import { runCommand } from "../../command";
import { importDefinitions } from "../../definitions/commands/import-definitions";
import { newId } from "../../ids";
import { createPlace } from "../../people/commands/change-place";
import { createPerson } from "../../people/commands/create-person";
import { makeFirstAdmin } from "../../people/commands/make-first-admin";
import { type Person, personById } from "../../people/current-person";
import { findPerson } from "../../people/queries";
import { addField } from "../../records/commands/define-field";
import { createObject } from "../../records/commands/define-object";
import { saveRecord } from "../../records/commands/save-record";
import type { Result } from "../../result";
import { DEFINITIONS } from "./definitions";

/** One command as an action gives it; with the same key it is the same command. */
export const commanded = <T>(
  person: Person | null,
  key: string,
  work: (tx: Tx) => Promise<Result<T>>,
): Promise<Result<T>> => runCommand({ kind: "fault-run", actorId: person?.userId ?? null, key }, work);

/** A command that must be taken. */
export async function must<T>(person: Person | null, work: (tx: Tx) => Promise<Result<T>>): Promise<T> {
  const result = await commanded(person, newId("command"), work);
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

/** Who is in the world: ann works and reports to bea; gus and hal are the Team; ada is its admin. */
export type Cast = Readonly<Record<"ada" | "bea" | "ann" | "gus" | "hal", Person>>;

async function personCalled(username: string): Promise<Person> {
  const row = await findPerson(db(), username);
  const person = row && (await personById(db(), row.userId));
  if (!person) throw new Error(`there is no ${username}`);
  return person;
}

export async function castOf(): Promise<Cast> {
  const [ada, bea, ann, gus, hal] = await Promise.all(["ada", "bea", "ann", "gus", "hal"].map(personCalled));
  if (!ada || !bea || !ann || !gus || !hal) throw new Error("somebody is missing");
  return { ada, bea, ann, gus, hal };
}

const named = (username: string) => ({
  name: `${username[0]?.toUpperCase()}${username.slice(1)}`,
  username,
  email: `${username}@example.org`,
});

async function makePeople(): Promise<Person> {
  await must(null, (tx) => makeFirstAdmin(tx, named("ada"), null));
  const ada = await personCalled("ada");
  const join = (username: string, role: Person["role"], managerId: string | null) =>
    must(ada, (tx) => createPerson(tx, ada, { ...named(username), role, managerId }));
  const bea = await join("bea", "manager", null);
  await join("ann", "member", bea.userId);
  const members = [await join("gus", "member", bea.userId), await join("hal", "member", bea.userId)];
  await must(ada, (tx) =>
    createPlace(tx, ada, {
      type: "group",
      name: "Team",
      label: "Team",
      members: members.map(({ userId }) => ({ type: "user", id: userId })),
    }),
  );
  return ada;
}

/** Fills an empty, migrated database with people, objects and definitions. */
export async function makeWorld(): Promise<void> {
  const ada = await makePeople();
  for (const name of ["Thing", "Order"]) {
    const words = { label: name, pluralLabel: `${name}s`, nameLabel: "Name", icon: "file", othersMay: "edit" } as const;
    await must(ada, (tx) => createObject(tx, ada, { name, ...words }));
    const status = {
      name: "Status",
      type: "text",
      label: "Status",
      required: false,
      help: "",
      defaultValue: null,
    } as const;
    await must(ada, (tx) => addField(tx, ada, { object: name, ...status, options: {} as never }));
  }
  for (const content of DEFINITIONS) await must(ada, (tx) => importDefinitions(tx, ada, { content, activate: true }));
}

export const aRecord = async (person: Person, object = "Thing"): Promise<string> =>
  (await must(person, (tx) => saveRecord(tx, person, { object, name: `A ${object}`, values: {} }))).id;
