import { z } from "zod";
import { apiName } from "@/lib/logic/schema";
import { recordRows } from "@/lib/records/loaders";
import { parseListQuery } from "@/lib/records/schema/list";
import { ok, refuse } from "@/lib/result";
import { route } from "@/lib/route";

const word = z.string().max(8_000).optional();

/** Further pages of a list of records, and the first one anew. */
export const GET = route({
  name: "lists.records",
  method: "GET",
  scope: null,
  limit: "list",
  schema: z.object({ object: apiName, search: word, sort: word, filter: word, cursor: word }),
  run: async ({ input: { object, ...query } }) => {
    const page = await recordRows(object, parseListQuery(query));
    return page ? ok(page) : refuse("not-found");
  },
});
