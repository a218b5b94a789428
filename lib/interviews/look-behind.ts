import type { Database } from "../../db/client";
import type { Want } from "../flow/interview";
import { isId } from "../ids";
import { ownProperty, type Value } from "../logic/value";
import { findPerson } from "../people/queries";
import { findRecords } from "../records/queries/find-records";
import { readRecord, recordValues } from "../records/queries/read-record";
import type { RunAccess } from "./run-access";

/** Ids that one path may lead through. */
const MAX_STEPS = 6;

type Found = Want & { readonly value: Value };

/**
 * What lies behind ids of records and people, with the flow's own access: what it may not read is null, like what does not exist. Of
 * people everybody may know Id, Name, Email, Username and Manager.
 */
export async function lookBehind(db: Database, wants: readonly Want[], access: RunAccess): Promise<Found[]> {
  const known = new Map<string, Value>();
  const found: Found[] = [];
  for (const want of wants) found.push({ ...want, value: await follow(want) });
  return found;

  async function follow({ id, path }: Want): Promise<Value> {
    let at: Value = id;
    for (const name of path.split(".").slice(0, MAX_STEPS)) {
      if (typeof at !== "string") return null;
      at = ownProperty(await thing(at), name);
    }
    return path.split(".").length > MAX_STEPS ? null : at;
  }

  async function thing(id: string): Promise<Value> {
    const before = known.get(id);
    if (before !== undefined) return before;
    const values = isId("record", id) ? await recordBehind(db, id, access) : await personBehind(db, id);
    known.set(id, values);
    return values;
  }
}

async function recordBehind(db: Database, id: string, access: RunAccess): Promise<Value> {
  const row = await readRecord(db, id);
  if (!row) return null;
  const query = { object: row.objectName, where: [{ field: "Id", operator: "equals", value: id } as const], limit: 1 };
  const [readable] = await findRecords(db, query, access.read);
  return readable ? recordValues(readable) : null;
}

async function personBehind(db: Database, id: string): Promise<Value> {
  const person = await findPerson(db, id);
  return (
    person && {
      Id: person.userId,
      Name: person.name,
      Email: person.email,
      Username: person.username,
      Manager: person.managerId,
    }
  );
}
