import { chainPreview } from "@/lib/approvals/loaders";
import { previewInput } from "@/lib/approvals/schema";
import { route } from "@/lib/route";

/** Who would decide in turn if this person submitted that record now; played and rolled back. */
export const GET = route({
  name: "lists.approvals.preview",
  method: "GET",
  scope: null,
  limit: "ahead",
  schema: previewInput,
  run: ({ input }) => chainPreview(input),
});
