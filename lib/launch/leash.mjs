/**
 * Loaded first (`--import`) by every process that another one of ours started: ends it when that one is gone, even by kill -9, because
 * then the channel between them closes. A process that has not ended in time is ended hard; whatever it did is safe in the database.
 */
const GRACE_MS = 8_000;

if (process.send) {
  process.once("disconnect", () => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), GRACE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  process.channel?.unref();
}
