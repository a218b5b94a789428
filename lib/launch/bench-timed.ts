export type Figures = {
  readonly n: number;
  readonly concurrency: number;
  readonly per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
};

/** Runs `work` `count` times, `concurrency` at once, and gives how many a second and milliseconds each. */
export async function timed(
  { count, concurrency }: { readonly count: number; readonly concurrency: number },
  work: (index: number) => Promise<unknown>,
): Promise<Figures> {
  const latencies: number[] = [];
  let next = 0;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const from = performance.now();
      await work(index);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Number((latencies[Math.min(count - 1, Math.floor(count * share))] ?? 0).toFixed(2));
  return { n: count, concurrency, per_s: Number((count / seconds).toFixed(1)), p50_ms: at(0.5), p99_ms: at(0.99) };
}
