import { definitionList } from "@/lib/definitions/loaders";
import { listFilter } from "@/lib/definitions/schema";
import { ok, refuse } from "@/lib/result";
import { route } from "@/lib/route";

/** Further pages of the list, and the first one anew. */
export const GET = route({
  name: "lists.definitions",
  method: "GET",
  scope: null,
  limit: "list",
  schema: listFilter,
  run: async ({ input }) => {
    const page = await definitionList(input);
    return page ? ok(page) : refuse("not-found");
  },
});
