import { connect } from "./client";

/**
 * Hears NOTIFY on these channels, on one connection of its own, until the answer is called. After a lost connection it subscribes again by
 * itself and calls `heard` with an empty payload, because what was said meanwhile is lost: whoever listens reads again then.
 */
export async function listen(
  channels: readonly string[],
  heard: (channel: string, payload: string) => void,
): Promise<() => Promise<void>> {
  const client = connect(1);
  await Promise.all(
    channels.map((channel) =>
      client.listen(
        channel,
        (payload) => heard(channel, payload),
        () => heard(channel, ""),
      ),
    ),
  );
  return () => client.end({ timeout: 1 });
}
