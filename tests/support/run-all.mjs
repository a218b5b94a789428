import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildPortal, buildPrograms } from "../../lib/launch/build.mjs";
import { complain, say, step } from "../../lib/launch/progress.mjs";
import { findChromium } from "./chromium.mjs";

/**
 * `npm test`: sets up what is missing, then every part, each in a process of its own, and at the end what each took beside its budget
 * and the sum as a line `N passed, N failed`. Arguments are handed to vitest as file filters.
 */
const SET_UP_BUDGET = 3;
const PARTS = [
  { title: "pure", projects: ["pure"], budget: 4 },
  { title: "database", projects: ["database", "launch"], budget: 5 },
  { title: "faults", projects: ["faults"], budget: 3 },
  { title: "browser", projects: ["browser"], budget: 6 },
];
const RESULTS = ".data/test-results";
/** Every test file is a process of its own, and loads the same packages: what the first has compiled, the others need not. */
const COMPILED = resolve(".data/compiled");

/** @param {number} since milliseconds of performance.now() */
const minutesSince = (since) => (performance.now() - since) / 60_000;

async function setUp() {
  await step("Bundling the programs", buildPrograms);
  await step("Building the portal", buildPortal);
  process.env.CHROMIUM = await step("Finding a Chromium", findChromium);
}

/** @param {string[]} projects @param {string} title @param {string[]} filters */
async function runPart(projects, title, filters) {
  const results = join(RESULTS, `${title}.json`);
  const reporter = process.env.CI ? "dot" : "default";
  const args = [
    "run",
    ...projects.flatMap((name) => ["--project", name]),
    "--passWithNoTests",
    `--reporter=${reporter}`,
    "--reporter=json",
    `--outputFile.json=${results}`,
  ];
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: COMPILED,
    ...(!process.stdout.isTTY && { NO_COLOR: "1" }),
  };
  const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", ...args, ...filters], {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await new Promise((resolve) => child.once("exit", resolve).once("error", () => resolve(1)));
  const counted = existsSync(results)
    ? JSON.parse(readFileSync(results, "utf8"))
    : { numPassedTests: 0, numFailedTests: 0 };
  // A file that could not be loaded, or that left a broken invariant, has no failed test of its own.
  const failed = code === 0 ? 0 : Math.max(1, counted.numFailedTests);
  return { passed: counted.numPassedTests, failed };
}

/** @param {string[]} filters */
export async function runAll(filters) {
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const times = [];
  const sum = { passed: 0, failed: 0 };
  const began = performance.now();
  const installing = Number(process.env.BATON_INSTALL_MS ?? 0);
  try {
    await setUp();
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    say("\n0 passed, 1 failed");
    process.exit(1);
  }
  times.push({ title: "set-up", minutes: minutesSince(began) + installing / 60_000, budget: SET_UP_BUDGET });
  for (const { title, projects, budget } of PARTS) {
    const partBegan = performance.now();
    const { passed, failed } = await runPart(projects, title, filters);
    sum.passed += passed;
    sum.failed += failed;
    times.push({ title, minutes: minutesSince(partBegan), budget });
  }
  say("");
  for (const { title, minutes, budget } of times)
    say(
      `${title.padEnd(10)} ${minutes.toFixed(1).padStart(5)} min of ${budget}${minutes > budget ? "  OVER BUDGET" : ""}`,
    );
  say(`\n${sum.passed} passed, ${sum.failed} failed`);
  process.exit(sum.failed > 0 ? 1 : 0);
}
