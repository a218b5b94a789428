/**
 * The program's own clock, for waiting and for pages. Whatever is stored or compared is stamped by the database's clock
 * (`databaseNow` in `db/transaction.ts`), so that two servers never disagree. No other product file reads the wall clock.
 */
export const now = (): Date => new Date();

/** Resolves after that many milliseconds, or at once when the signal aborts. */
export const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done);
  });
