import { NextRequest } from "next/server";
import { describe, expect, test, vi } from "vitest";
import { GET, POST } from "../../app/api/auth/[...nextauth]/route";
import { config, proxy } from "../../proxy";
import { ownHeaders } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));

const through = async (path: string, headers: Record<string, string> = {}) =>
  (await proxy(new NextRequest(`http://127.0.0.1:3000${path}`, { headers }))).headers;
const policyOf = (headers: Headers) =>
  new Map(
    (headers.get("content-security-policy") ?? "")
      .split("; ")
      .map((part) => [part.split(" ")[0] ?? "", part.split(" ").slice(1).join(" ")]),
  );

describe("S20: content security policy", () => {
  test("scripts run by nonce alone; nothing may be framed, embedded or sent elsewhere", async () => {
    const policy = policyOf(await through("/work"));
    expect(policy.get("script-src")).toMatch(/^'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic'$/);
    expect(policy.get("script-src")).not.toContain("unsafe-inline");
    const wanted = {
      "default-src": "'self'",
      "style-src": "'self' 'unsafe-inline'",
      "object-src": "'none'",
      "base-uri": "'none'",
      "frame-ancestors": "'none'",
      "form-action": "'self'",
    };
    for (const [name, value] of Object.entries(wanted)) expect([name, policy.get(name)]).toEqual([name, value]);
  });

  test("the nonce is another in each of a hundred answers, and what a caller sends as policy or nonce is not used", async () => {
    const hostile = {
      "content-security-policy": "script-src 'unsafe-inline'",
      "x-nonce": "chosen",
      "x-baton-path": "//evil.example",
    };
    const answers = await Promise.all(Array.from({ length: 100 }, () => through("/work", hostile)));
    expect(new Set(answers.map((headers) => policyOf(headers).get("script-src"))).size).toBe(100);
    for (const headers of answers) {
      expect(headers.get("content-security-policy")).not.toContain("unsafe-inline' ");
      expect(headers.get("x-middleware-request-x-nonce")).not.toBe("chosen");
      expect(headers.get("x-middleware-request-content-security-policy")).toBe(headers.get("content-security-policy"));
      expect(headers.get("x-middleware-request-x-baton-path")).toBe("/work");
    }
  });
});

test("S70: what the API answers is no page, whatever it holds", async () => {
  const policy = (await through("/api/attachments/att_1")).get("content-security-policy");
  expect(policy?.split("; ")).toEqual(["sandbox", "default-src 'none'", "frame-ancestors 'none'"]);
});

test("S21, S22: every answer carries the other headers, and is kept by nobody", async () => {
  for (const path of ["/", "/work", "/sign-in", "/api/lists/work", "/records/Employee/rec_1"]) {
    expect(path).toMatch(new RegExp(`^${config.matcher}$`));
    const headers = await through(path);
    const wanted = {
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "private, no-store",
      "x-frame-options": "DENY",
    };
    for (const [name, value] of Object.entries(wanted))
      expect([path, name, headers.get(name)]).toEqual([path, name, value]);
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.has("x-powered-by")).toBe(false);
  }
});

describe("the door of signing in", () => {
  const knock = async (
    method: "GET" | "POST",
    path: string,
    { headers = new Headers(), body = "" }: { headers?: Headers; body?: string } = {},
  ) => {
    const init =
      method === "POST"
        ? { method, headers: new Headers([...headers, ["content-length", String(body.length)]]), body }
        : { method, headers };
    const context = { params: Promise.resolve({ nextauth: path.split("/") }) };
    return (method === "GET" ? GET : POST)(new NextRequest(`http://127.0.0.1:3000/api/auth/${path}`, init), context);
  };

  test("S17: a GET of it signs nobody in or out: only the token of the form is read", async () => {
    for (const path of [
      "callback/password",
      "callback/link",
      "signin",
      "signout",
      "session",
      "providers",
      "error",
      "verify-request",
      "callback/demo",
    ]) {
      expect([path, (await knock("GET", path)).status]).toEqual([path, 404]);
    }
  });

  test("S18: a POST must come from our own pages", async () => {
    for (const path of ["callback/password", "callback/link", "signout"]) {
      expect((await knock("POST", path)).status).toBe(403);
      expect((await knock("POST", path, { headers: new Headers({ origin: "https://evil.example" }) })).status).toBe(
        403,
      );
    }
    expect((await knock("POST", "_log", { headers: ownHeaders() })).status).toBe(404);
  });

  test("S43: a form larger than ten kilobytes is not read", async () => {
    expect((await knock("POST", "callback/password", { headers: ownHeaders(), body: "x".repeat(10_001) })).status).toBe(
      413,
    );
  });
});

describe("S44: methods", () => {
  const answer = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const request = new NextRequest(`http://127.0.0.1:3000${path}`, { headers });
    // Requests of this kind cannot be made with TRACE, but servers are sent them.
    Object.defineProperty(request, "method", { value: method });
    return proxy(request);
  };
  const PATHS = ["/", "/work", "/runs/run_1", "/sign-in", "/livez", "/readyz", "/api/lists/work", "/api/nothing"];

  test.each(["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X"])(
    "%s is declared nowhere",
    async (method) => {
      for (const path of PATHS) {
        const { status, headers, body } = await answer(method, path, { "next-action": "a".repeat(42) });
        expect([path, status, body]).toEqual([path, 405, null]);
        expect(headers.get("allow")).toMatch(/^GET, HEAD/);
        expect(headers.get("x-content-type-options")).toBe("nosniff");
      }
    },
  );

  test("a page is read, and posted to by its actions alone", async () => {
    expect((await answer("POST", "/work")).status).toBe(405);
    expect((await answer("POST", "/work", { "next-action": "a".repeat(42) })).status).toBe(200);
    for (const path of PATHS)
      for (const method of ["GET", "HEAD"]) expect((await answer(method, path)).status).toBe(200);
  });
});
