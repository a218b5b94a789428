import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { env, publicOrigin } from "@/lib/env";
import { setupPage } from "@/lib/people/loaders";

/**
 * Puts the security headers on every answer and a fresh nonce into each page. It decides about nobody: who may do what is asked by each
 * action, route and loader (S37), so leaving this file out opens no door.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (!isDeclared(request)) return refused(request);
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-baton-path", pathOf(request.nextUrl));
  headers.delete("content-security-policy-report-only");
  const response = NextResponse.next({ request: { headers }, status: await statusOf(request.nextUrl) });
  response.headers.set("content-security-policy", isOfApi(request) ? OF_DATA : policy);
  return secured(response);
}

/** What the API answers is data or a download, and no page whatever it holds (S70). */
const OF_DATA = "sandbox; default-src 'none'; frame-ancestors 'none'";

function secured(response: NextResponse): NextResponse {
  for (const [name, value] of HEADERS) response.headers.set(name, value);
  if (publicOrigin(env()).startsWith("https:"))
    response.headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
  return response;
}

const isOfApi = ({ nextUrl }: NextRequest): boolean => nextUrl.pathname.startsWith("/api/");

/** Whether anything is declared for that method (S44). Pages are read, and take what their actions are sent; of the routes Next knows the methods of each. */
function isDeclared(request: NextRequest): boolean {
  const { method, headers } = request;
  if (method === "GET" || method === "HEAD") return true;
  return method === "POST" && (isOfApi(request) || headers.has("next-action"));
}

const refused = (request: NextRequest): NextResponse =>
  secured(
    new NextResponse(null, { status: 405, headers: { allow: isOfApi(request) ? "GET, HEAD, POST" : "GET, HEAD" } }),
  );

/** Assets carry no data and live long; everything else passes here. */
export const config = { matcher: "/((?!_next/static/|favicon|icon).*)" };

const HEADERS: readonly (readonly [string, string])[] = [
  ["cache-control", "private, no-store"],
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"],
  ["x-frame-options", "DENY"],
];

/** Scripts run only with this answer's nonce (S20). Styles may be inline, because Mantine writes its variables so. `next dev` needs eval. */
function contentSecurityPolicy(nonce: string): string {
  const isDevelopment = env().NODE_ENV === "development";
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * A page cannot say 410 by itself. That of a set-up link that was used or is too old says so in words, and asks by itself (S1); this is its
 * status alone.
 */
const statusOf = async ({ pathname, searchParams }: URL): Promise<number> =>
  pathname === "/setup" && !(await setupPage(searchParams.get("token") ?? "")) ? 410 : 200;

/** Where the person wanted to go, for coming back after signing in. */
function pathOf({ pathname, searchParams }: URL): string {
  const wanted = new URLSearchParams(searchParams);
  wanted.delete("_rsc");
  return wanted.size > 0 ? `${pathname}?${wanted}` : pathname;
}
