import { readHealth } from "@/lib/launch/read-health";

export const dynamic = "force-dynamic";

/** For monitors and load balancers: 200 when work goes on, 503 with what is down in plain words when it does not. */
export async function GET(): Promise<Response> {
  const health = await readHealth();
  return Response.json(health, { status: health.ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}
