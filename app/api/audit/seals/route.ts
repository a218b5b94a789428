import { z } from "zod";
import { refuse } from "@/lib/result";
import { route } from "@/lib/route";
import { sealsToKeep } from "@/lib/runs/loaders";

/** The file of seals (S80), for admins to keep where nobody who owns the database can reach. */
export const GET = route({
  name: "audit.seals",
  method: "GET",
  scope: null,
  limit: "export",
  schema: z.strictObject({}),
  run: async () => {
    const seals = await sealsToKeep();
    if (seals === null) return refuse("not-found");
    return new Response(seals, {
      headers: {
        "content-type": "application/jsonl; charset=utf-8",
        "content-disposition": 'attachment; filename="seals.jsonl"',
        "cache-control": "no-store",
      },
    });
  },
});
