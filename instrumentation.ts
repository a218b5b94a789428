/** Next calls this once in each server process before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ wire }, { believeProxies }, { refuseTrace }] = await Promise.all([
    import("./lib/launch/wire"),
    import("./lib/launch/believe-proxies"),
    import("./lib/launch/refuse-trace"),
  ]);
  believeProxies();
  refuseTrace();
  wire();
}
