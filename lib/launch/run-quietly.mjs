import { spawn } from "node:child_process";

/**
 * Runs a program to its end and keeps what it prints, to be shown when it failed.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ isFine: boolean; output: string }>}
 */
export function runQuietly(command, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
    /** @type {Buffer[]} */
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => printed.push(bytes));
    child.once("error", (error) => resolve({ isFine: false, output: error.message }));
    child.once("close", (code) => resolve({ isFine: code === 0, output: Buffer.concat(printed).toString().trim() }));
  });
}
