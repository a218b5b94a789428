import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * How to reach an installation's embedded database: `connection.json` in its DATA_DIR, written by whoever starts the server, read by
 * the next start and by `npm run audit`. The port may change from start to start.
 */
export type Connection = {
  readonly user: string;
  readonly password: string;
  readonly port: number;
  /** Where the data is when it could not stay in DATA_DIR. */
  readonly folder?: string;
};

const DATABASE = "baton";

export function readConnection(dataDir: string): Connection | null {
  const path = join(dataDir, "connection.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Connection) : null;
}

/** Whole or not at all, whenever the process ends. */
export function writeConnection(dataDir: string, connection: Connection): void {
  const path = join(dataDir, "connection.json");
  writeFileSync(`${path}.new`, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export const urlOf = ({ user, password, port }: Connection, database: string = DATABASE): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
