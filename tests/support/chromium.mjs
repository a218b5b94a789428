import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { runQuietly } from "../../lib/launch/run-quietly.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** @param {string | undefined} path */
const works = (path) => Boolean(path) && spawnSync(String(path), ["--version"], { timeout: 20_000 }).status === 0;

const inPath = () =>
  NAMES.map((name) => spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim()).find(works);

async function playwrightsOwn() {
  const { chromium } = await import("playwright-core");
  return chromium.executablePath();
}

/** As root on Debian and its kin. */
async function byApt() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runQuietly("apt-get", ["update", "-qq"], env);
  await runQuietly("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], env);
  return inPath();
}

async function byPlaywright() {
  await runQuietly(process.execPath, ["node_modules/playwright-core/cli.js", "install", "chromium"]);
  return playwrightsOwn();
}

/**
 * The path of a Chromium that starts: $CHROMIUM, one of this machine, one that Playwright has; else it is installed.
 * @returns {Promise<string>} rejects with what to do
 */
export async function findChromium() {
  for (const find of [
    async () => process.env.CHROMIUM,
    async () => inPath() ?? MAC,
    playwrightsOwn,
    byApt,
    byPlaywright,
  ]) {
    const path = await find().catch(() => undefined);
    if (path && works(path)) return path;
  }
  throw new Error("No Chromium was found, and none could be installed or downloaded. Set CHROMIUM to the path of one.");
}
