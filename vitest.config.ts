import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const areas = (...names: string[]) => names.map((name) => `tests/${name}/**/*.test.{ts,tsx}`);
/** What a test waits for has a time of its own; this one is for what would never end, on however busy a machine. */
const NEVER_ENDING_MS = 600_000;
const root = fileURLToPath(new URL(".", import.meta.url));

/**
 * pure: no database, no process. database: each file has a migrated database of its own in DATABASE_URL, and must leave it without a
 * broken invariant. faults: the same, with processes that are killed. launch: real processes from `.build`. browser: real Chromium against
 * the built portal (`npm test` builds first).
 */
export default defineConfig({
  resolve: { alias: [{ find: /^@\//, replacement: root }] },
  test: {
    pool: "forks",
    // One for each core: vitest itself keeps one core for itself, which it hardly uses.
    maxWorkers: Math.max(2, availableParallelism()),
    reporters: process.env.CI ? ["dot"] : ["default"],
    // What is to become so has the time that a busy machine takes; only what never does fails.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: areas("logic", "engine", "flow", "check", "model", "architecture"),
          setupFiles: ["tests/support/silence.ts"],
          testTimeout: NEVER_ENDING_MS,
          hookTimeout: NEVER_ENDING_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: areas("db", "actions", "api"),
          globalSetup: ["tests/support/server.ts"],
          setupFiles: ["tests/support/silence.ts", "tests/support/database.ts"],
          testTimeout: NEVER_ENDING_MS,
          hookTimeout: NEVER_ENDING_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: areas("faults"),
          globalSetup: ["tests/support/server.ts"],
          setupFiles: ["tests/support/silence.ts", "tests/support/database.ts"],
          fileParallelism: false,
          testTimeout: NEVER_ENDING_MS,
          hookTimeout: NEVER_ENDING_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "launch",
          include: areas("launch"),
          setupFiles: ["tests/support/silence.ts"],
          fileParallelism: false,
          testTimeout: NEVER_ENDING_MS,
          hookTimeout: NEVER_ENDING_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: areas("browser"),
          globalSetup: ["tests/browser/support/demo-data.ts"],
          setupFiles: ["tests/support/silence.ts"],
          testTimeout: NEVER_ENDING_MS,
          hookTimeout: NEVER_ENDING_MS,
        },
      },
    ],
  },
});
