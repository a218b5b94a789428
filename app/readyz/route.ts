import { readHealth } from "@/lib/launch/read-health";
import { maySeeHealth } from "@/lib/people/loaders";

export const dynamic = "force-dynamic";

/**
 * Whether work goes on, for monitors and load balancers: 200 when it does, 503 when it does not (S90). To admins it says how each part is; to
 * everybody else one word.
 */
export async function GET(): Promise<Response> {
  const [health, isAdmin] = await Promise.all([readHealth(), maySeeHealth().catch(() => false)]);
  const init = { status: health.ok ? 200 : 503, headers: { "cache-control": "no-store" } };
  return isAdmin ? Response.json(health, init) : new Response(health.ok ? "ready" : "unready", init);
}
