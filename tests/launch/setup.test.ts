import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { newFolder } from "../support/new-folder";

/** Runs `npm run <script>` as somebody does whose shell knows no other Node than `node`. */
function npm(script: string, env: Record<string, string>): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", script], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (bytes: Buffer) => {
        printed += bytes.toString();
      });
    child.once("close", (code) => resolve({ code, printed }));
  });
}

test("a command that is done ends, and what it found is its exit code", async () => {
  const { code, printed } = await npm("audit", { DATA_DIR: newFolder(), DATABASE_URL: "" });
  expect(printed).toContain("there is no database in");
  expect(code).toBe(2);
});

test("a command that another Node set up ends too", async () => {
  const child = spawn(process.execPath, ["lib/launch/run.mjs", "build"], {
    stdio: ["ignore", "ignore", "ignore", "ipc"], // as setup does when it hands over to the pinned Node
  });
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
});
