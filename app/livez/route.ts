export const dynamic = "force-dynamic";

/** Whether this process answers at all, for whoever restarts it: asks neither database nor worker (S90). */
export const GET = (): Response => new Response("alive", { headers: { "cache-control": "no-store" } });
