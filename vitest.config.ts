import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const areas = (...names: string[]) => names.map((name) => `tests/${name}/**/*.test.{ts,tsx}`);
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
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: areas("logic", "engine", "flow", "check", "model", "architecture"),
          setupFiles: ["tests/support/silence.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: areas("db", "actions", "api"),
          globalSetup: ["tests/support/server.ts"],
          setupFiles: ["tests/support/silence.ts", "tests/support/database.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "launch",
          include: areas("launch"),
          setupFiles: ["tests/support/silence.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: areas("browser"),
          globalSetup: ["tests/browser/support/demo-data.ts"],
          setupFiles: ["tests/support/silence.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
