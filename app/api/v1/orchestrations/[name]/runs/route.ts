import { startRunBody } from "@/lib/connect/schema/start-run";
import { refuse } from "@/lib/result";
import { route } from "@/lib/route";
import { startTogether } from "@/lib/runs/start";

/**
 * Starts an active, autolaunched orchestration: `{ inputs?, recordId?, comments? }` → 201 `{ runId }`. The same Idempotency-Key on the same
 * orchestration gets the same answer, and no second run.
 */
export const POST = route({
  name: "api.start-run",
  method: "POST",
  scope: "runs:start",
  limit: "start",
  needsKey: true,
  schema: startRunBody,
  status: 201,
  run: async ({ person, input, params, key }) => {
    const name = params.name ?? "";
    if (!key) return refuse("key-missing");
    const header = { kind: "api.start-run", actorId: person.userId, key: `${name} ${key}`, subjectId: name };
    return startTogether(header, person, {
      definitionId: name,
      recordId: input.recordId ?? null,
      inputs: input.inputs,
      comments: input.comments,
    });
  },
});
