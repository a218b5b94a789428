import { ok, refuse } from "@/lib/result";
import { route } from "@/lib/route";
import { itemsList } from "@/lib/work/loaders";
import { itemFilter } from "@/lib/work/schema";

/** Further pages of the list, and the first one anew when something changed. */
export const GET = route({
  name: "lists.items",
  method: "GET",
  scope: null,
  limit: "list",
  schema: itemFilter,
  run: async ({ input }) => {
    const page = await itemsList(input);
    return page ? ok(page) : refuse("not-found");
  },
});
