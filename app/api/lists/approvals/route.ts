import { ok } from "@/lib/result";
import { route } from "@/lib/route";
import { approvalList } from "@/lib/work/loaders";
import { approvalFilter } from "@/lib/work/schema";

/** Further pages of a view of My approvals, and the first one anew when something changed. */
export const GET = route({
  name: "lists.approvals",
  method: "GET",
  scope: null,
  limit: "list",
  schema: approvalFilter,
  run: async ({ input }) => ok(await approvalList(input)),
});
