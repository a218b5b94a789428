import { z } from "zod";
import { MAX_FILES } from "./attachment";
import type { SealedFile } from "./sealed-file";

/** Of a record what somebody had before them when they said something about it. A part that is absent or null: not said. */
export type ShownRecord = {
  /** Its version. */
  readonly recordVersion?: number | null | undefined;
  /** The ids of what was attached to it. */
  readonly attachments?: readonly string[] | undefined;
};

export const shownRecord = {
  recordVersion: z.number().int().nullable().optional(),
  attachments: z.array(z.string().max(40)).max(MAX_FILES).readonly().optional(),
};

type Now = { readonly record: { readonly version: number } | null; readonly files: readonly SealedFile[] };

/** Whether a record is still what was shown: of that version, with those files. One that is gone is not. */
export function isAsShown({ recordVersion = null, attachments }: ShownRecord, { record, files }: Now): boolean {
  if (recordVersion !== null && record?.version !== recordVersion) return false;
  if (attachments === undefined) return true;
  return files.length === attachments.length && files.every(({ id }) => attachments.includes(id));
}
