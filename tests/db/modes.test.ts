import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "../../db/client";
import { setting, user } from "../../db/schema";
import { refuseDebugging, refuseDemoAccounts } from "../../lib/launch/refuse-doors";
import { CannotStart, type Settings } from "../../lib/launch/settings";
import { configureAuth } from "../../lib/people/sign-in/configure";
import { aPerson } from "../builders/people";

/** S89: what runs in demo mode only. */
const inMode = (isDemo: boolean) => ({ isDemo }) as Settings;

describe("demo accounts", () => {
  let username = "";
  beforeAll(async () => {
    const person = await aPerson();
    username = person.username;
    await db()
      .insert(setting)
      .values({ name: "demo_accounts", value: [username, "nobody.else"] });
  });

  test("that are active stop the start, by name", async () => {
    await expect(refuseDemoAccounts(inMode(false))).rejects.toThrow(CannotStart);
    await expect(refuseDemoAccounts(inMode(false))).rejects.toThrow(username);
    await expect(refuseDemoAccounts(inMode(true))).resolves.toBeUndefined();
  });

  test("that were deactivated do not", async () => {
    await db().update(user).set({ active: false }).where(eq(user.username, username));
    await expect(refuseDemoAccounts(inMode(false))).resolves.toBeUndefined();
  });
});

test("signing in to the demo by a click has no door", () => {
  expect(configureAuth().providers.map(({ id, options }) => options?.id ?? id)).not.toContain("demo");
});

test("a debugger, a development server and TLS without certificates are for demos", () => {
  expect(() => refuseDebugging(inMode(false), true)).toThrow("npm run dev");
  expect(() => refuseDebugging(inMode(false), false)).not.toThrow();
  for (const options of ["--inspect", "--inspect=0.0.0.0:9229", "--inspect-brk", "--max-old-space-size=99 --inspect"]) {
    vi.stubEnv("NODE_OPTIONS", options);
    expect(() => refuseDebugging(inMode(false), false)).toThrow("debugger");
    expect(() => refuseDebugging(inMode(true), true)).not.toThrow();
  }
  vi.unstubAllEnvs();
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  expect(() => refuseDebugging(inMode(false), false)).toThrow("pose as another server");
  vi.unstubAllEnvs();
});
