import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseEnv, publicOrigins } from "../../lib/env";
import { sign } from "../../lib/people/sign-in/derive-key";

describe("S84: secrets", () => {
  const GOOD = "kJ3x9QvLw2ZtYb7RmNc5HdFs8GpAe1Uo";
  const REFUSED = [
    "short",
    "x".repeat(40),
    "secret-secret-secret-secret-secret-1",
    "change-me-please-change-me-please-1",
    "your-secret-goes-right-here-0123456",
    "example0123456789example0123456789",
    "abababababababababababababababababab",
  ];
  test.each(REFUSED)("%s is none, and the line that says so does not show it", (AUTH_SECRET) => {
    const parsed = parseEnv({ AUTH_SECRET });
    expect(parsed).toMatchObject({ ok: false, message: expect.stringMatching(/^AUTH_SECRET /) });
    expect(!parsed.ok && parsed.message).not.toContain(AUTH_SECRET);
  });
  test("32 random characters are one", () => expect(parseEnv({ AUTH_SECRET: GOOD })).toMatchObject({ ok: true }));

  test("a signature is of its text and of this installation's secret", () => {
    expect(sign("known-browser", "usr_1")).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(sign("known-browser", "usr_1")).not.toBe(sign("known-browser", "usr_2"));
  });

  test("the browser's code reads no environment", () => {
    const files = readdirSync("components", { recursive: true, encoding: "utf8" }).filter((path) =>
      /\.tsx?$/.test(path),
    );
    expect(files.length).toBeGreaterThan(20);
    expect(
      files.filter((path) => /process\.env|lib\/env|NEXT_PUBLIC/.test(readFileSync(join("components", path), "utf8"))),
    ).toEqual([]);
  });
});

describe("the origins that are our own", () => {
  const of = (env: Record<string, string>) => {
    const parsed = parseEnv(env);
    return parsed.ok ? publicOrigins(parsed.env) : [];
  };
  test("are the public address alone, or both names of this machine", () => {
    expect(of({ AUTH_URL: "https://baton.example.org/" })).toEqual(["https://baton.example.org"]);
    expect(of({ AUTH_URL: "http://localhost:4000" })).toEqual(["http://127.0.0.1:4000", "http://localhost:4000"]);
    expect(of({ PORT: "3001" })).toEqual(["http://127.0.0.1:3001", "http://localhost:3001"]);
  });
});
