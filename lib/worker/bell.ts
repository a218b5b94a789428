/** What a loop waits at between two looks: rung by a notification or a job that ended, and after a while by itself. */
export type Bell = {
  readonly ring: () => void;
  /** Resolves at the next ring, at once if it rang since the last wait, after `milliseconds`, or when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

export function makeBell(): Bell {
  let hasRung = false;
  let wakeUp: (() => void) | null = null;
  return {
    ring() {
      hasRung = true;
      wakeUp?.();
    },
    wait(milliseconds, signal) {
      if (hasRung || signal.aborted) {
        hasRung = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          wakeUp = null;
          hasRung = false;
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        signal.addEventListener("abort", done);
        wakeUp = done;
      });
    },
  };
}
