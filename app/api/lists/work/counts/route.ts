import { z } from "zod";
import { ok } from "@/lib/result";
import { route } from "@/lib/route";
import { workCounts } from "@/lib/work/loaders";

/** How much is open in the views of My work. */
export const GET = route({
  name: "lists.work.counts",
  method: "GET",
  scope: null,
  limit: "list",
  schema: z.strictObject({}),
  run: async () => ok(await workCounts()),
});
