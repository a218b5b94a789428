/**
 * Loaded first (`--import`) by every process that another one of ours started: ends it when that one is gone, even by kill -9, because
 * then the channel between them closes. The channel keeps a process going that only waits to be told something by the one above it, as
 * those of `next dev` do. A process that has not ended in time is ended hard; whatever it did is safe in the database.
 */
const GRACE_MS = 8_000;

if (process.send) {
  process.once("disconnect", () => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), GRACE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
}
