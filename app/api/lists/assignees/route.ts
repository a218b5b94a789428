import { z } from "zod";
import { assigneeOptions } from "@/lib/people/loaders";
import { ok } from "@/lib/result";
import { route } from "@/lib/route";

/** Whom work can be given to, for pickers that search as one types. */
export const GET = route({
  name: "lists.assignees",
  method: "GET",
  scope: null,
  limit: "list",
  schema: z.strictObject({ search: z.string().max(200).default("") }),
  run: async ({ input }) => ok(await assigneeOptions(input.search)),
});
