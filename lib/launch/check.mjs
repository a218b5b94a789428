import { existsSync } from "node:fs";
import { say, step } from "./progress.mjs";
import { runQuietly } from "./run-quietly.mjs";

/** `npm run check`: everything that needs no database and no browser. Every part runs, so that one look shows all that is wrong. */
const PARTS = [
  { title: "Types", command: ["node_modules/typescript/bin/tsc", "--noEmit"] },
  { title: "Format and lint", command: ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"] },
  { title: "Dead code", command: ["node_modules/knip/bin/knip.js"] },
  {
    title: "Architecture",
    command: ["node_modules/vitest/vitest.mjs", "run", "--project", "pure", "tests/architecture"],
  },
];

/** @param {string[]} args */
const run = (args) => runQuietly(process.execPath, args, { ...process.env, NEXT_TELEMETRY_DISABLED: "1" });

/** Ends the process with 1 when a part found something. */
export async function check() {
  // Next writes the types of style sheets and routes, which a fresh clone lacks.
  if (!existsSync("next-env.d.ts")) await run(["node_modules/next/dist/bin/next", "typegen"]);
  const failed = [];
  for (const { title, command } of PARTS) {
    const { isFine, output } = await step(title, () => run(command));
    say(isFine ? `ok      ${title}` : `FAILED  ${title}\n${output}\n`);
    if (!isFine) failed.push(title);
  }
  process.exitCode = failed.length > 0 ? 1 : 0;
}
