import { z } from "zod";
import { openStream } from "@/lib/notify/open-stream";
import { route } from "@/lib/route";

export const dynamic = "force-dynamic";

/** Hints of what changed, for open pages; see `openStream`. */
export const GET = route({
  name: "stream",
  method: "GET",
  scope: null,
  schema: z.strictObject({ since: z.iso.datetime().optional() }),
  run: async ({ person, request, input: { since } }) =>
    new Response(openStream(person, request.signal, since === undefined ? null : new Date(since)), {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    }),
});
