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
export type Behind = {
  readonly found: readonly Found[];
  /** Ids of the records and people that were read on the way. */
  readonly records: ReadonlySet<string>;
  /** An object that the flow does not name, though one of its ids is a record of it (S34). */
  readonly undeclared: string | null;
};

/**
 * What lies behind ids of records and people, with the flow's own access: what it may not read is null, like what does not exist. Of
 * people everybody may know Id, Name, Email, Username and Manager. In system context a path begins at a record of an object that the flow
 * names; where it goes on from there, its own text and the objects' lookups say.
 */
export async function lookBehind(db: Database, wants: readonly Want[], access: RunAccess): Promise<Behind> {
  const known = new Map<string, Value>();
  const records = new Set<string>();
  let undeclared: string | null = null;
  const found: Found[] = [];
  for (const want of wants) found.push({ ...want, value: await follow(want) });
  return { found, records, undeclared };

  async function follow({ id, path }: Want): Promise<Value> {
    let at: Value = id;
    for (const [step, name] of path.split(".").slice(0, MAX_STEPS).entries()) {
      if (typeof at !== "string") return null;
      at = ownProperty(await thing(at, step === 0), name);
    }
    return path.split(".").length > MAX_STEPS ? null : at;
  }

  async function thing(id: string, isFirst: boolean): Promise<Value> {
    const before = known.get(id);
    if (before !== undefined) return before;
    const values = isId("record", id) ? await recordBehind(id, isFirst) : await personBehind(id);
    known.set(id, values);
    return values;
  }

  async function recordBehind(id: string, isFirst: boolean): Promise<Value> {
    const row = await readRecord(db, id);
    if (!row) return null;
    if (isFirst && access.objects && !access.objects.has(row.objectName)) {
      undeclared ??= row.objectName;
      return null;
    }
    const isIt = { field: "Id", operator: "equals", value: id } as const;
    const [readable] = await findRecords(db, { object: row.objectName, where: [isIt], limit: 1 }, access.read);
    if (readable) records.add(id);
    return readable ? recordValues(readable) : null;
  }

  async function personBehind(id: string): Promise<Value> {
    const person = await findPerson(db, id);
    if (!person) return null;
    const { userId, name, email, username, managerId } = person;
    records.add(userId);
    return { Id: userId, Name: name, Email: email, Username: username, Manager: managerId };
  }
}
