import { z } from "zod";
import { apiName } from "@/lib/logic/schema";
import { offered } from "@/lib/records/loaders";
import { MAX_SEARCH_CHARACTERS } from "@/lib/records/schema/list";
import { ok } from "@/lib/result";
import { route } from "@/lib/route";

/** What lookups offer while somebody types. */
export const GET = route({
  name: "lists.lookup",
  method: "GET",
  scope: null,
  limit: "list",
  schema: z.object({ to: apiName, search: z.string().max(MAX_SEARCH_CHARACTERS).default("") }),
  run: async ({ input: { to, search } }) => ok({ rows: await offered(to, search) }),
});
