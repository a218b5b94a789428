import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { complain, step } from "./progress.mjs";
import { runQuietly } from "./run-quietly.mjs";

/**
 * The first thing every npm script runs: `node lib/launch/setup.mjs <command>`. Works on Node 20 with nothing installed; installs what is
 * missing and goes on with `run.mjs` on the Node that package.json pins.
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
process.chdir(root);

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Node's own, and what older ones lack that we need here. */
function checkNode() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major >= 20) return;
  complain(`Node ${process.versions.node} is too old; Baton needs Node 20 or newer to set itself up`);
  process.exit(1);
}

/** npm writes what it installed to `node_modules/.package-lock.json` when it is done, so an interrupted install is noticed too. */
function isInstalled() {
  const written = "node_modules/.package-lock.json";
  if (!existsSync(written)) return false;
  const installed = readJson(written).packages;
  return Object.entries(readJson("package-lock.json").packages).every(
    ([path, wanted]) =>
      path === "" ||
      installed[path]?.version === wanted.version ||
      (!installed[path] && (wanted.optional || wanted.peer)),
  );
}

/** The npm that runs this script, or the one in the path. */
function npm() {
  const own = process.env.npm_execpath;
  return own?.endsWith(".js")
    ? { command: process.execPath, args: [own] }
    : { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

async function install() {
  const { command, args } = npm();
  const env = { ...process.env, NODE_ENV: "development" }; // in production npm would leave the build's tools out
  const { isFine, output } = await runQuietly(
    command,
    [...args, "ci", "--include=dev", "--prefer-offline", "--no-audit", "--no-fund"],
    env,
  );
  if (!isFine) throw new Error(`npm ci failed\n${output}`);
}

/** Goes on in this process where it is the pinned Node already, else in a child that dies with us. */
async function goOn() {
  const pinned = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  const wanted = readJson("package.json").dependencies.node;
  if (process.versions.node === wanted || !existsSync(pinned)) return void (await import("./run.mjs"));
  const path = `${join(root, "node_modules", ".bin")}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
  const child = spawn(pinned, [join(root, "lib/launch/run.mjs"), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: path },
  });
  process.on("SIGINT", () => {}); // the terminal sends it to the child as well, which stops in its own time
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

checkNode();
try {
  const began = performance.now();
  process.env.BATON_BEGAN_AT = String(performance.timeOrigin); // `npm start` says how long it took
  if (!isInstalled()) await step("Installing packages (the first time only)", install);
  process.env.BATON_INSTALL_MS = String(performance.now() - began); // `npm test` counts it as set-up
  await goOn();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
