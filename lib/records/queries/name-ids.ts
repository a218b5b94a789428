import type { Database } from "../../../db/client";
import { may } from "../../gate";
import { isId } from "../../ids";
import type { Person } from "../../people/current-person";
import type { OthersMay } from "../schema/object";

type Row = {
  readonly id: string;
  readonly name: string;
  readonly owner: string | null;
  readonly others: OthersMay | null;
};

/**
 * Names by id of people, groups, queues and records, in one question. A record that the reader may not see by its object or as its owner is left
 * out, and so is what does not exist.
 */
export async function nameIds(
  db: Database,
  reader: Person | "system",
  ids: readonly (string | null)[],
): Promise<Record<string, string>> {
  const wanted = [...new Set(ids.flatMap((id) => (id !== null && KINDS.some((kind) => isId(kind, id)) ? [id] : [])))];
  if (wanted.length === 0) return {};
  const rows = await db.$client<Row[]>`
    with wanted as (select unnest(${wanted}::text[]) as id)
    select user_id as id, name, null as owner, null as others from "user" join wanted on user_id = id
    union all select group_id, label, null, null from user_group join wanted on group_id = id
    union all select queue_id, label, null, null from queue join wanted on queue_id = id
    union all select r.record_id, r.name, r.owner_id, o.others_may from record r join wanted on r.record_id = id
      join object o on o.object_name = r.object_name`;
  return Object.fromEntries(
    rows.flatMap(({ id, name, owner, others }) =>
      owner === null ||
      others === null ||
      may(reader, "record.read", { ownerId: owner, othersMay: others, work: "none" })
        ? [[id, name]]
        : [],
    ),
  );
}

const KINDS = ["user", "group", "queue", "record"] as const;
