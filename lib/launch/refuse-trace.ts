import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

const shared = globalThis as { batonRefusesTrace?: boolean };

/**
 * The standard's `Request`, which Next makes of each request, cannot be made with TRACE, so Next answers it with a fault. Here it becomes another
 * method that nothing declares, and `proxy.ts` answers both alike (S44). Must happen before Next looks, hence at Node's own channel.
 */
export function refuseTrace(): void {
  if (shared.batonRefusesTrace) return;
  shared.batonRefusesTrace = true;
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    if (request.method === "TRACE" || request.method === "TRACK") request.method = "OPTIONS";
  });
}
