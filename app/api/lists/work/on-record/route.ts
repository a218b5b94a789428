import { z } from "zod";
import { ok } from "@/lib/result";
import { route } from "@/lib/route";
import { workOnRecord } from "@/lib/work/loaders";

/** The reader's open items on one record, for its Work Guide. */
export const GET = route({
  name: "lists.work.on-record",
  method: "GET",
  scope: null,
  limit: "list",
  schema: z.strictObject({ recordId: z.string().max(40) }),
  run: async ({ input }) => ok({ rows: await workOnRecord(input.recordId) }),
});
