import type { Run } from "../engine/state";

/** The record's page; null for none. */
export const pathOfRecord = (record: Run["record"]): string | null =>
  record && `/records/${record.object}/${record.id}`;
