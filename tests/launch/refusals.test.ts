import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { launch } from "../support/launched";
import { newFolder } from "../support/new-folder";

/** What a wrong environment is answered with: one line that names the variable, and nothing started. */
async function refused(env: Record<string, string>): Promise<string> {
  const started = launch("start", { DATA_DIR: newFolder(), ...env });
  expect(await started.end).toBe(1);
  return started.printed().trim();
}

describe("a wrong environment stops the start with one line that names it", () => {
  test.each([
    [{ PORT: "eighty" }, /^PORT /],
    [{ PORT: "99999" }, /^PORT must be at most 65535$/],
    [{ DATABASE_URL: "mysql://localhost/baton" }, /^DATABASE_URL must begin with postgres:\/\/$/],
    [{ DATABASE_URL: "postgres://nobody:secret@127.0.0.1:1/none" }, /^DATABASE_URL: nothing listens there/],
    [{ REPLY_SMTP_PORT: "99999" }, /^REPLY_SMTP_PORT must be at most 65535/],
    [{ REPLY_ADDRESS: "Replies <a@b>" }, /^REPLY_ADDRESS must be a plain address/],
    [{ SMTP_URL: "mail.example.org" }, /^SMTP_URL must begin with smtp:\/\//],
    [{ AUTH_URL: "baton.example.org" }, /^AUTH_URL must be an http or https address$/],
    [{ AUTH_SECRET: "short" }, /^AUTH_SECRET must be at least 32 characters/],
    [{ BATON_DEMO: "maybe" }, /^BATON_DEMO /],
    [{ HOST: "203.0.113.7", DATABASE_URL: "" }, /^HOST 203\.0\.113\.7 is not an address that can be listened on/],
    [{ DATA_DIR: "/dev/null/data" }, /^DATA_DIR .* cannot be made/],
  ])("%j", async (env, line) => {
    const printed = await refused(env);
    expect(printed).toMatch(line);
    expect(printed.split("\n")).toHaveLength(1);
    expect(printed).not.toContain("secret@");
  });
});

test("a port in use is said in one line", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
  );
  expect(await refused({ PORT: String(port) })).toBe(
    `PORT ${port} is in use on 127.0.0.1; stop what listens there, or set PORT to another`,
  );
  server.close();
});

describe("S89: outside demo mode", () => {
  const real = { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" };
  test("npm run dev is refused", async () => {
    const started = launch("dev", { DATA_DIR: newFolder(), ...real });
    expect(await started.end).toBe(1);
    expect(started.printed().trim()).toBe("npm run dev is for demo mode alone; use npm start, or set BATON_DEMO=1");
  });

  test.each([
    [{ NODE_OPTIONS: "--inspect=127.0.0.1:0" }, /NODE_OPTIONS asks for a debugger/],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, /NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody/],
  ])("%j is refused", async (env, line) => {
    expect(await refused({ ...real, ...env })).toMatch(line);
  });
});
