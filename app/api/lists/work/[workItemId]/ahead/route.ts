import { z } from "zod";
import { ahead } from "@/lib/approvals/loaders";
import { route } from "@/lib/route";

/** What one choice would lead to, for whoever may decide; played on the run and rolled back. */
export const GET = route({
  name: "lists.work.ahead",
  method: "GET",
  scope: null,
  limit: "ahead",
  schema: z.strictObject({ outcome: z.string().min(1).max(80) }),
  run: ({ params, input: { outcome } }) => ahead({ workItemId: params.workItemId ?? "", outcome }),
});
