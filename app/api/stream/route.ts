import { z } from "zod";
import { openStream } from "@/lib/notify/open-stream";
import { route } from "@/lib/route";

export const dynamic = "force-dynamic";

/** Hints of what changed, for open pages; see `openStream`. */
export const GET = route({
  name: "stream",
  method: "GET",
  scope: null,
  schema: z.strictObject({}),
  run: async ({ person, request }) =>
    new Response(openStream(person, request.signal), {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    }),
});
