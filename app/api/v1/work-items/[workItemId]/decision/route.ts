import { decideAgain } from "@/lib/approvals/decide-again";
import { decideBody } from "@/lib/approvals/schema";
import { ok, refuse } from "@/lib/result";
import { route } from "@/lib/route";

/**
 * Decides an approval item as the token's person: `{ decision, comments?, shownAs? }` → 200 `{ workItemId }`. Whoever says what was looked at
 * (`shownAs` of the item) is refused with 409 `facts-changed` when it is another by now. The same
 * Idempotency-Key gets the same answer and decides once. Where the process asks for the password at each decision, no token is enough.
 */
export const POST = route({
  name: "api.decide",
  method: "POST",
  scope: "approvals:decide",
  needsKey: true,
  schema: decideBody,
  run: async ({ person, input, params, key }) => {
    const workItemId = params.workItemId ?? "";
    if (!key) return refuse("key-missing");
    const done = await decideAgain(person, { input: { workItemId, ...input, key: `${workItemId} ${key}` } });
    return done.ok ? ok({ workItemId }) : done;
  },
});
