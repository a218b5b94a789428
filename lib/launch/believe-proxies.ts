import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import { env } from "../env";

const CLAIMS = [
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-real-ip",
  "forwarded",
];
const shared = globalThis as { batonBelievesProxies?: boolean };

/**
 * Believes what `X-Forwarded-…` says only from the reverse proxies of TRUSTED_PROXIES (this machine's own unless said), and puts the caller's
 * address as we see it last into `x-forwarded-for`, where limits read it. Must happen before Next looks, hence at Node's own channel.
 */
export function believeProxies(): void {
  if (shared.batonBelievesProxies) return;
  shared.batonBelievesProxies = true;
  const trusted = trustedPeers(env().TRUSTED_PROXIES);
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    correct(request.headers, request.socket.remoteAddress ?? "", trusted);
  });
}

/** Addresses and networks ("10.0.0.0/8"), separated by commas. */
export function trustedPeers(list: string): BlockList {
  const peers = new BlockList();
  for (const entry of list.split(",").map((text) => text.trim())) {
    const [address = "", bits] = entry.split("/");
    if (!address) continue;
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) peers.addAddress(address, family);
    else peers.addSubnet(address, Number(bits), family);
  }
  return peers;
}

/** Drops the claims of anybody but a trusted peer; what a trusted one put last is the address of whoever it serves. */
export function correct(headers: IncomingMessage["headers"], remoteAddress: string, trusted: BlockList): void {
  const peer = remoteAddress.replace(/^::ffff:/, "");
  const isTrusted = peer !== "" && trusted.check(peer, isIPv6(peer) ? "ipv6" : "ipv4");
  if (isTrusted && headers["x-forwarded-for"]) return;
  if (!isTrusted) for (const name of CLAIMS) delete headers[name];
  headers["x-forwarded-for"] = peer;
}
