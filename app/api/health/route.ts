import { readHealth } from "@/lib/launch/read-health";
import { maySeeHealth } from "@/lib/people/loaders";

export const dynamic = "force-dynamic";

/** For monitors: 200 when work goes on, 503 when it does not. Admins are told what is down in plain words, everybody else `ok` alone. */
export async function GET(): Promise<Response> {
  const [health, isAdmin] = await Promise.all([readHealth(), maySeeHealth().catch(() => false)]);
  const body = isAdmin ? health : { ok: health.ok };
  return Response.json(body, { status: health.ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}
