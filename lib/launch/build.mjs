import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, context } from "esbuild";
import { runQuietly } from "./run-quietly.mjs";

/**
 * Both halves of the build, each made once for each state of the sources: the programs that are not Next's (`.build`, by esbuild) and the
 * portal (`.next`, by Next). A stamp with the sources' digest is written last, so an interrupted build counts as none.
 */
const SOURCES = [
  "app",
  "components",
  "lib",
  "db",
  "emails",
  "proxy.ts",
  "instrumentation.ts",
  "next.config.js",
  "postcss.config.mjs",
  "package-lock.json",
];
const distDir = process.env.NEXT_DIST_DIR || ".next";

/** The programs, each one file: what is loaded stays whole when the sources change under a running process. */
const PROGRAMS = ["start", "worker", "audit", "bench", "faults"];

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  const inside = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return inside.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** The digest of everything that the build is made from. */
function sourceDigest() {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    const files = /\.\w+$/.test(source) ? [source].filter(existsSync) : filesBelow(source);
    for (const file of files) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} folder */
const stampOf = (folder) => join(folder, "baton-sources");

/** @param {string} folder @param {string} digest */
const isFresh = (folder, digest) => existsSync(stampOf(folder)) && readFileSync(stampOf(folder), "utf8") === digest;

/** @type {import("esbuild").BuildOptions} */
const programOptions = {
  entryPoints: PROGRAMS.map((name) => `lib/launch/${name}.ts`),
  outdir: ".build",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  packages: "external",
  jsx: "automatic",
  sourcemap: "linked",
  logLevel: "silent", // what is wrong is thrown,
};

/**
 * The processes that the fault runs kill thousands of times: with their packages inside they are loaded in a fifth of the time.
 * @type {import("esbuild").BuildOptions}
 */
const victimOptions = {
  ...programOptions,
  entryPoints: {
    victim: "lib/launch/faults/victim.ts",
    "kill/clerk": "lib/launch/faults/kill/clerk.ts",
    "kill/poisoned-worker": "lib/launch/faults/kill/poisoned-worker.ts",
    worker: "lib/launch/worker.ts",
  },
  outdir: ".build/faults",
  packages: "bundle",
  external: ["@node-rs/argon2", "next"],
  outExtension: { ".js": ".mjs" },
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
};

/** Bundles the programs, when their sources changed: about 0.2 seconds. */
export async function buildPrograms() {
  const digest = sourceDigest();
  if (isFresh(".build", digest)) return;
  mkdirSync(".build", { recursive: true });
  await Promise.all([build(programOptions), build(victimOptions)]);
  writeFileSync(stampOf(".build"), digest);
}

/** Whether the portal must be built before it can be started. */
export const isPortalBuilt = () => isFresh(distDir, sourceDigest());

/**
 * For `npm run dev`: bundles the worker again whenever what it is made from changes, and says so.
 * @param {() => void} onChanged
 * @returns {Promise<() => Promise<void>>} ends it
 */
export async function watchWorker(onChanged) {
  let isFirst = true;
  /** @type {import("esbuild").Plugin} */
  const tell = {
    name: "tell",
    setup(building) {
      building.onEnd(({ errors }) => {
        if (!isFirst && errors.length === 0) onChanged();
        isFirst = false;
      });
    },
  };
  const watched = await context({
    ...programOptions,
    entryPoints: ["lib/launch/worker.ts"],
    logLevel: "error",
    plugins: [tell],
  });
  await watched.watch();
  return () => watched.dispose();
}

export class BuildFailed extends Error {}

/**
 * Builds the portal, when its sources changed: 10 to 40 seconds.
 * @returns {Promise<void>} rejects with Next's own words
 */
export async function buildPortal() {
  const digest = sourceDigest();
  if (isFresh(distDir, digest)) return;
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const { isFine, output } = await runQuietly(process.execPath, ["node_modules/next/dist/bin/next", "build"], env);
  if (!isFine) throw new BuildFailed(`The portal could not be built.\n${output}`);
  writeFileSync(stampOf(distDir), digest);
}
