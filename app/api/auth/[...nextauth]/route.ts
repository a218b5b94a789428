import NextAuth from "next-auth";
import { failure, refusalOfFault } from "@/lib/action";
import { inRequest } from "@/lib/audit/in-request";
import { configureAuth } from "@/lib/people/sign-in/configure";
import { readAddress } from "@/lib/people/sign-in/read-address";
import { originProblem } from "@/lib/request";

/**
 * The door of signing in and out. Of next-auth's doors only those in use are open: the token of the form, the credentials, signing out.
 * Reading is inert, and a POST must come from our own pages.
 */
type Context = { params: Promise<{ nextauth: string[] }> };

const OPEN: Readonly<Record<string, RegExp>> = { GET: /^csrf$/, POST: /^(callback\/(password|link|demo)|signout)$/ };
const MAX_BYTES = 10_000;

async function handle(request: Request, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  const path = nextauth.join("/");
  if (!OPEN[request.method]?.test(path)) return refuse("not-found", 404);
  if (request.method === "POST" && originProblem(request.headers)) return refuse("foreign-origin", 403);
  if (Number(request.headers.get("content-length") ?? MAX_BYTES + 1) > MAX_BYTES && request.method === "POST")
    return refuse("too-large", 413);
  try {
    const answer: Response = await inRequest(readAddress(request.headers), () =>
      NextAuth(configureAuth())(request, context),
    );
    answer.headers.set("cache-control", "no-store");
    if (path === "signout") answer.headers.set("clear-site-data", '"cache", "storage"');
    return answer;
  } catch (error) {
    const refusal = refusalOfFault(error, "people.sign-in");
    return Response.json(failure(refusal), { status: 500 });
  }
}

const refuse = (code: string, status: number): Response =>
  Response.json(failure({ code }), { status, headers: { "cache-control": "no-store" } });

export const GET = handle;
export const POST = handle;
