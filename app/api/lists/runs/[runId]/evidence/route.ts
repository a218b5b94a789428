import { z } from "zod";
import { refuse } from "@/lib/result";
import { route } from "@/lib/route";
import { runEvidence } from "@/lib/runs/loaders";

/** The evidence of one run as a file (S79), which `lib/launch/verify-export.mjs` checks without this server. */
export const GET = route({
  name: "lists.runs.evidence",
  method: "GET",
  scope: null,
  limit: "export",
  schema: z.strictObject({}),
  run: async ({ params }) => {
    const evidence = await runEvidence(params.runId ?? "");
    if (!evidence) return refuse("not-found");
    return new Response(JSON.stringify(evidence, null, 1), {
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-disposition": `attachment; filename="evidence-${evidence.run.runId}.json"`,
        "cache-control": "no-store",
      },
    });
  },
});
