import { join } from "node:path";
import { readConnection, urlOf } from "./connection";
import { embeddedUrl, openEmbedded } from "./database";
import { readPostmaster } from "./postmaster";
import { CannotStart, publishSettings, readSettings } from "./settings";

/**
 * For the commands that look at an installation's database: that of DATABASE_URL, else the embedded one of DATA_DIR, which is started
 * when it is stopped. Answers with what undoes that. @throws CannotStart when there is none.
 */
export async function reachDatabase(): Promise<() => Promise<void>> {
  const settings = readSettings();
  const { env, dataDir } = settings;
  const nothing = async () => undefined;
  if (env.DATABASE_URL) {
    publishSettings(settings, env.DATABASE_URL);
    return nothing;
  }
  const known = readConnection(dataDir);
  if (!known)
    throw new CannotStart(`there is no database in ${dataDir}; set DATABASE_URL, or DATA_DIR to where one is`);
  const running = readPostmaster(join(known.folder ?? dataDir, "postgres"));
  if (running?.status === "ready") {
    publishSettings(settings, urlOf({ ...known, port: running.port }));
    return nothing;
  }
  const server = await openEmbedded(dataDir);
  publishSettings(settings, embeddedUrl(server));
  return server.stop;
}
