import "./leash.mjs";
import { complain } from "./progress.mjs";

/** What each npm script does once everything is installed. Runs on the pinned Node, from the root of the repository. */
process.channel?.unref(); // to whoever set us up; a command that is done ends, though they could still talk to us

const [command = "", ...args] = process.argv.slice(2);

/** @param {string} name */
async function program(name) {
  const { buildPrograms } = await import("./build.mjs");
  await buildPrograms();
  process.setSourceMapsEnabled(true);
  await import(new URL(`../../.build/${name}.js`, import.meta.url).href);
}

/** @type {Record<string, () => Promise<unknown>>} */
const commands = {
  start: () => program("start"),
  dev: () => program("start"),
  worker: () => program("worker"),
  audit: () => program("audit"),
  bench: () => program("bench"),
  faults: () => program("faults"),
  build: async () => (await import("./build-all.mjs")).buildAll(),
  check: async () => (await import("./check.mjs")).check(),
  test: async () => (await import("../../tests/support/run-all.mjs")).runAll(args),
};

const run = commands[command];
if (!run) {
  complain(`there is no command "${command}"; there are ${Object.keys(commands).join(", ")}`);
  process.exit(1);
}
try {
  await run();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
