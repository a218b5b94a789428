import { z } from "zod";

const key = z.string().min(8).max(100);
const comments = z.string().trim().max(4_000, "At most 4,000 characters").default("");

export const requestApprovalInput = z.strictObject({
  definitionId: z.string().max(80),
  recordId: z.string().max(40).nullable(),
  comments,
  key,
});

export const decideInput = z
  .strictObject({ workItemId: z.string().max(40), decision: z.enum(["approve", "reject"]), comments, key })
  .refine(({ decision, comments: said }) => decision === "approve" || said !== "", {
    path: ["comments"],
    message: "Say why you reject, so that the requester can act on it",
  });
