import { ok } from "@/lib/result";
import { route } from "@/lib/route";
import { workList } from "@/lib/work/loaders";
import { workFilter } from "@/lib/work/schema";

/** Further pages of a view of My work, and the first one anew when something changed. */
export const GET = route({
  name: "lists.work",
  method: "GET",
  scope: null,
  limit: "list",
  schema: workFilter,
  run: async ({ input }) => ok(await workList(input)),
});
