import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { env } from "../env";
import { urlOn } from "./faults/ground";

const LEASH = pathToFileURL(join(process.cwd(), "lib/launch/leash.mjs")).href;

/**
 * What the bench's own program prints as JSON when it is run on another database of this server: a process has one database for its
 * life. @throws Error when it ends otherwise than well; what it complains of is on our own standard error.
 */
export async function benchOn(
  database: string,
  mode: "--peers" | "--commands" | "--models" | "--list",
): Promise<Record<string, unknown>[]> {
  const child = spawn(process.execPath, ["--import", LEASH, "--enable-source-maps", ".build/bench.js", mode], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...process.env, DATABASE_URL: urlOn(env().DATABASE_URL ?? "", database) },
  });
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the bench on ${database} ended with ${code}`);
  const lines = printed.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
