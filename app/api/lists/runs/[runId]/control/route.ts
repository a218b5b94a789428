import { z } from "zod";
import { ok, refuse } from "@/lib/result";
import { route } from "@/lib/route";
import { runControl } from "@/lib/runs/loaders";

/** What the person can do to one run of the list. */
export const GET = route({
  name: "lists.run-control",
  method: "GET",
  scope: null,
  limit: "list",
  schema: z.strictObject({}),
  run: async ({ params }) => {
    const control = await runControl(params.runId ?? "");
    return control ? ok(control) : refuse("not-found");
  },
});
