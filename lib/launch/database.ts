import { connect } from "../../db/client";
import { migrate } from "../../db/migrate";
import { sentenceOf } from "../refusals";
import { urlOf } from "./connection";
import { type EmbeddedServer, startEmbedded } from "./embedded";
import { FolderInUse } from "./own-folder";
import { CannotStart } from "./settings";

const DATABASE = "baton";

/** Starts the embedded server of that folder and gives its address. @throws CannotStart when another process has it. */
export async function openEmbedded(dataDir: string): Promise<EmbeddedServer> {
  try {
    return await startEmbedded(dataDir);
  } catch (error) {
    if (error instanceof FolderInUse)
      throw new CannotStart(`The database in ${dataDir} is in use by process ${error.processId}`, { cause: error });
    throw error;
  }
}

export const embeddedUrl = (server: EmbeddedServer): string => urlOf(server.connection, DATABASE);

/** Makes the embedded server's one database when it is not there; `anew` throws away what is in it. */
export async function ensureDatabase(anew = false): Promise<void> {
  const client = connect(1, { database: "postgres" });
  try {
    if (anew) await client.unsafe(`drop database if exists ${DATABASE} with (force)`);
    const [known] = await client`select 1 from pg_database where datname = ${DATABASE}`;
    if (!known) await client.unsafe(`create database ${DATABASE}`);
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** What a database that cannot be used says, in words that name the variable. */
const COMPLAINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "there is no such host",
  CONNECT_TIMEOUT: "it does not answer",
  CONNECTION_CLOSED: "it closed the connection",
  "28P01": "the password is wrong",
  "28000": "this user may not connect",
  "3D000": "there is no such database",
  "42501": "this user may not make tables",
};

/** Brings the database to this version. @throws CannotStart when it cannot be reached, is too old, or forbids it. */
export async function migrateDatabase(): Promise<void> {
  try {
    const migrated = await migrate();
    if (!migrated.ok) throw new CannotStart(`DATABASE_URL: ${sentenceOf(migrated.refusal)}`);
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    const complaint = COMPLAINTS[code ?? ""] ?? COMPLAINTS[cause?.code ?? ""];
    if (complaint) throw new CannotStart(`DATABASE_URL: ${complaint} (${code ?? cause?.code})`, { cause: error });
    throw error;
  }
}
