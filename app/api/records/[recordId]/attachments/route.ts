import { z } from "zod";
import { MAX_FILE_BYTES } from "@/lib/records/schema/attachment";
import { takeUpload } from "@/lib/records/take-upload";
import { refuse } from "@/lib/result";
import { route } from "@/lib/route";

/**
 * Attaches the body, byte by byte what the file holds, to a record: `?name=…&size=…` → 201 `{ id }`. No form and no JSON, so nothing in it can name
 * another file (S71). The same Idempotency-Key gets the same answer, and no second file.
 */
export const POST = route({
  name: "record.attach",
  method: "POST",
  scope: null,
  limit: "upload",
  needsKey: true,
  maxFileBytes: MAX_FILE_BYTES,
  schema: z.strictObject({ name: z.string().max(2_000), size: z.coerce.number().int().min(0) }),
  status: 201,
  run: async ({ person, input, params, file, key }) => {
    const recordId = params.recordId ?? "";
    if (!key) return refuse("key-missing");
    return takeUpload(person, { ...input, recordId, bytes: file, key: `${recordId} ${key}` });
  },
});
