import { z } from "zod";
import { ok, refuse } from "@/lib/result";
import { route } from "@/lib/route";
import { workDetailFor } from "@/lib/work/loaders";

/**
 * An approval item as the token's person is shown it, with `shownAs`, which a decision on it says again. What the record says is only told with the
 * scope `records:read`.
 */
export const GET = route({
  name: "api.approval",
  method: "GET",
  scope: "approvals:decide",
  schema: z.strictObject({}),
  run: async ({ person, params }) => {
    const detail = await workDetailFor(person, params.workItemId ?? "");
    if (!detail?.approval) return refuse("not-found");
    const { item, facts, files, approval, submissionComments, mayWork } = detail;
    const { workItemId, status, label, processLabel, record } = item;
    const { outcomes, policy, since, shownAs } = approval;
    return ok({
      ...{ workItemId, status, label, processLabel, record, submissionComments, facts, files },
      ...{ policy, since, outcomes, mayDecide: mayWork, shownAs },
    });
  },
});
