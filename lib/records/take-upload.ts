import { runCommand } from "../command";
import type { Person } from "../people/current-person";
import { type Result, refuse } from "../result";
import { attachFile } from "./commands/attach-file";
import { judgeFile } from "./judge-file";
import { cleanFileName } from "./schema/file-name";

type Upload = {
  readonly recordId: string;
  /** As whoever sends it calls it, and how many bytes they say it has. */
  readonly name: string;
  readonly size: number;
  readonly bytes: Buffer;
  /** Bound to the name and the content. */
  readonly key: string;
};

/**
 * Attaches what somebody sent to a record: judged first, then in one transaction, once for each key. Refusals: `file-cut` (fewer bytes than were
 * promised), those of `judgeFile` and of `attachFile`.
 */
export async function takeUpload(
  person: Person,
  { recordId, name, size, bytes, key }: Upload,
): Promise<Result<{ id: string }>> {
  const judged = judgeFile(name, bytes);
  if (!judged.ok) return judged;
  if (bytes.length !== size) return refuse("file-cut", { details: { name: cleanFileName(name) } });
  return runCommand({ kind: "record.attach", actorId: person.userId, key, subjectId: recordId }, (tx) =>
    attachFile(tx, person, { recordId, file: judged.value, bytes }),
  );
}
