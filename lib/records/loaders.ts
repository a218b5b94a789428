import { cache } from "react";
import { db } from "../../db/client";
import type { Page } from "../../db/page";
import { may } from "../gate";
import { isId } from "../ids";
import type { Value } from "../logic/value";
import { type Person, requirePerson } from "../people/current-person";
import { namesOf } from "../people/queries";
import { countRecords, listRecords } from "./queries/list-records";
import { nameRecords, nameTargets, type Offered, offerTargets } from "./queries/name-targets";
import { listObjects, objectNamed } from "./queries/object-named";
import { type RecordRow, readRecord } from "./queries/read-record";
import { relatedRecords } from "./queries/related-records";
import { rightsOn } from "./queries/where-visible";
import type { ListQuery } from "./schema/list";
import type { FieldShape, ObjectShape } from "./schema/object";

/** What pages show of records: plain shapes, instants as ISO texts, nothing that this person may not see. */

export type ShownRecord = {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedBy: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly values: { readonly [field: string]: Value };
  /** By id: people, and the records among the lookups that the viewer may see. */
  readonly names: Readonly<Record<string, string>>;
};

function shown(row: RecordRow, object: ObjectShape, names: Readonly<Record<string, string>>): ShownRecord {
  const lookups = object.fields.flatMap(({ name, type }) =>
    type === "lookup" || type === "user" ? [row.data[name]] : [],
  );
  const ids = [row.ownerId, row.createdBy, row.updatedBy, ...lookups].filter((id) => typeof id === "string");
  return {
    id: row.recordId,
    name: row.name,
    ownerId: row.ownerId,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedBy: row.updatedBy,
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
    values: row.data,
    names: Object.fromEntries(ids.flatMap((id) => (names[id] === undefined ? [] : [[id, names[id]]]))),
  };
}

export type ObjectCard = Pick<ObjectShape, "name" | "label" | "pluralLabel" | "icon"> & { readonly count: number };

/** All objects, each with how many of its records this person may see, at most 1,001. */
export async function objectCards(): Promise<ObjectCard[]> {
  const person = await requirePerson();
  const objects = await listObjects(db());
  return Promise.all(
    objects.map(async (object) => {
      const { name, label, pluralLabel, icon } = object;
      return { name, label, pluralLabel, icon, count: await countRecords(db(), person, object) };
    }),
  );
}

/** Names that the chips of a list's filters show for ids. */
async function filterNames(
  person: Person,
  object: ObjectShape,
  { filters }: ListQuery,
): Promise<Record<string, string>> {
  const ids = filters.map(({ value }) => value);
  const targets = new Set(
    filters.flatMap(({ field }) => object.fields.find(({ name }) => name === field)?.options.object ?? []),
  );
  const found = await Promise.all([
    namesOf(
      db(),
      ids.filter((id) => id.startsWith("usr_")).map((id) => ({ type: "user", id })),
    ),
    ...[...targets].map((target) =>
      nameRecords(db(), person, { object: target, ids: ids.filter((id) => isId("record", id)) }),
    ),
  ]);
  return Object.assign({}, ...found);
}

/** A page of an object's records; null: no such object. */
export async function recordRows(name: string, query: ListQuery): Promise<Page<ShownRecord> | null> {
  const person = await requirePerson();
  const object = await objectNamed(db(), name);
  if (!object) return null;
  const page = await listRecords(db(), person, { object, query });
  const names = await nameTargets(db(), person, { object, rows: page.rows });
  return { rows: page.rows.map((row) => shown(row, object, names)), next: page.next };
}

export type RecordList = {
  readonly object: ObjectShape;
  readonly first: Page<ShownRecord>;
  readonly filterNames: Readonly<Record<string, string>>;
};

/** What the page of an object's records shows first. */
export async function recordList(name: string, query: ListQuery): Promise<RecordList | null> {
  const person = await requirePerson();
  const [object, first] = await Promise.all([objectNamed(db(), name), recordRows(name, query)]);
  return object && first ? { object, first, filterNames: await filterNames(person, object, query) } : null;
}

async function readable(person: Person, objectName: string, id: string) {
  const [object, row] = await Promise.all([
    objectNamed(db(), objectName),
    isId("record", id) ? readRecord(db(), id) : null,
  ]);
  if (!object || row?.objectName !== object.name) return null;
  const rights = await rightsOn(db(), person, { ...row, othersMay: object.othersMay });
  if (!rights.read) return null;
  const names = await nameTargets(db(), person, { object, rows: [row] });
  return { object, record: shown(row, object, names), mayEdit: rights.edit, mayTransfer: rights.transfer };
}

export type RecordPage = NonNullable<Awaited<ReturnType<typeof readable>>>;

/** One record for its page and its form; null: there is none, or it is not this person's to see. Once a request. */
export const recordPage = cache(
  async (objectName: string, id: string): Promise<RecordPage | null> => readable(await requirePerson(), objectName, id),
);

export type ShownRelation = {
  readonly object: Pick<ObjectShape, "name" | "label" | "pluralLabel" | "icon">;
  readonly field: Pick<FieldShape, "name" | "label">;
  readonly rows: readonly ShownRecord[];
  readonly hasMore: boolean;
};

/** Records that point at this one, for the person who may read it. */
export async function relationsOf(objectName: string, id: string): Promise<ShownRelation[]> {
  const person = await requirePerson();
  if (!(await recordPage(objectName, id))) return [];
  const relations = await relatedRecords(db(), person, { object: objectName, id });
  return Promise.all(
    relations.map(async ({ object, field, rows, hasMore }) => {
      const names = await nameTargets(db(), person, { object, rows });
      return {
        object: { name: object.name, label: object.label, pluralLabel: object.pluralLabel, icon: object.icon },
        field: { name: field.name, label: field.label },
        rows: rows.map((row) => shown(row, object, names)),
        hasMore,
      };
    }),
  );
}

/** An object for the form of a new record, with the person who will own it. */
export async function newRecord(objectName: string): Promise<{ object: ObjectShape; owner: Offered } | null> {
  const person = await requirePerson();
  const object = may(person, "record.create") ? await objectNamed(db(), objectName) : null;
  return object && { object, owner: { value: person.userId, label: person.name } };
}

/** What a lookup offers for what is typed. */
export async function offered(to: string, search: string): Promise<Offered[]> {
  const person = await requirePerson();
  return may(person, "people.see") ? offerTargets(db(), person, { to, search }) : [];
}

/** All objects with their fields, for admins; null for others. */
export async function objectsToManage(): Promise<ObjectShape[] | null> {
  return may(await requirePerson(), "object.manage") ? listObjects(db()) : null;
}
