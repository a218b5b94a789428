import { ok, refuse } from "@/lib/result";
import { route } from "@/lib/route";
import { runsList } from "@/lib/runs/loaders";
import { runFilter } from "@/lib/runs/schema/list";

/** Further pages of the list, and the first one anew when something changed. */
export const GET = route({
  name: "lists.runs",
  method: "GET",
  scope: null,
  limit: "list",
  schema: runFilter,
  run: async ({ input }) => {
    const page = await runsList(input);
    return page ? ok(page) : refuse("not-found");
  },
});
