import { z } from "zod";
import { attachmentNamed } from "@/lib/content-disposition";
import { fileToSend } from "@/lib/records/loaders/files";
import { refuse } from "@/lib/result";
import { route } from "@/lib/route";

/** An attachment as it was sent, to be kept and never shown by the browser (S70): for whoever may see its record. */
export const GET = route({
  name: "attachments.download",
  method: "GET",
  scope: null,
  limit: "download",
  schema: z.strictObject({}),
  run: async ({ params }) => {
    const file = await fileToSend(params.attachmentId ?? "");
    if (!file) return refuse("not-found");
    return new Response(new Uint8Array(file.bytes), {
      headers: {
        "content-type": file.mediaType,
        "content-disposition": attachmentNamed(file.name),
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
      },
    });
  },
});
