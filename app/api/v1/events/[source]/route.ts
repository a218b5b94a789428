import { refusalOfFault } from "@/lib/action";
import { inRequest } from "@/lib/audit/in-request";
import { keepToLimits } from "@/lib/people/keep-to-limits";
import { readAddress } from "@/lib/people/sign-in/read-address";
import { readBytes } from "@/lib/request";
import type { Result } from "@/lib/result";
import { refusalResponse } from "@/lib/route";
import { type Taken, takeEvent } from "@/lib/runs/take-event";

/**
 * The door for events of other systems (S41): no session and no token, but a signature over the body, in the header Baton-Signature. 201: a run
 * was started; 202: one is woken; both with `{ runId }`.
 */
export async function POST(request: Request, context: { params: Promise<{ source: string }> }): Promise<Response> {
  try {
    const { source } = await context.params;
    const taken = await inRequest(readAddress(request.headers), () => take(request, source));
    if (!taken.ok) return refusalResponse(taken.refusal);
    const { runId, isNew } = taken.value;
    return Response.json({ runId }, { status: isNew ? 201 : 202, headers: { "cache-control": "no-store" } });
  } catch (error) {
    return refusalResponse(refusalOfFault(error, "event"));
  }
}

async function take(request: Request, source: string): Promise<Result<Taken>> {
  const address = readAddress(request.headers);
  const tooOften = await keepToLimits("event", { asker: source, address });
  if (tooOften) return { ok: false, refusal: tooOften };
  const body = await readBytes(request);
  if (!body.ok) return body;
  return takeEvent({ source, signature: request.headers.get("baton-signature"), body: body.value });
}
