import { ok } from "@/lib/result";
import { route } from "@/lib/route";
import { matchingApprovals } from "@/lib/work/loaders";
import { approvalFilter } from "@/lib/work/schema";

/** What can be decided at once of all that match a search, beyond what the page shows. */
export const GET = route({
  name: "lists.approvals.matching",
  method: "GET",
  scope: null,
  limit: "list",
  schema: approvalFilter,
  run: async ({ input }) => ok(await matchingApprovals(input)),
});
