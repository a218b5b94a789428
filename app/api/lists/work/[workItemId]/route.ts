import { z } from "zod";
import { ok, refuse } from "@/lib/result";
import { route } from "@/lib/route";
import { workDetail } from "@/lib/work/loaders";

/** One work item as its reader may see it. */
export const GET = route({
  name: "lists.work.item",
  method: "GET",
  scope: null,
  limit: "list",
  schema: z.strictObject({}),
  run: async ({ params }) => {
    const detail = await workDetail(params.workItemId ?? "");
    return detail ? ok(detail) : refuse("not-found");
  },
});
