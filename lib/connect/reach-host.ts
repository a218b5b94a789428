import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { ok, type Result } from "../result";
import { isPublicAddress, spellAddress } from "./judge-address";

export type Host = { readonly scheme: string; readonly host: string; readonly port: number };
export type Address = { readonly address: string; readonly family: number };

/** All addresses of a name, as the system knows them. Tests give their own. */
export type Resolve = (name: string) => Promise<readonly Address[]>;
export const resolveBySystem: Resolve = (name) => lookup(name, { all: true, order: "verbatim" });

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Null: no address that may be called at all (S59): another scheme than http and https, or a name or password in it. */
export function hostOf(url: URL): Host | null {
  const scheme = url.protocol.slice(0, -1);
  const usual = PORTS[scheme];
  if (usual === undefined || url.username || url.password || !url.hostname) return null;
  return { scheme, host: url.hostname, port: url.port ? Number(url.port) : usual };
}

export const hostText = ({ scheme, host, port }: Host): string =>
  `${scheme}://${host}${port === PORTS[scheme] ? "" : `:${port}`}`;

/** Why a request was not made at all; said in the step's error. */
export type Barred = { readonly reason: string; readonly mayRetry: boolean };

/**
 * Where a URL leads, as addresses to connect to and no other: the server must be on the list, the name is resolved once, and *every* answer
 * must be public or be itself on the list with that scheme and port (S59 to S61). Whoever connects uses these and asks no name server again.
 */
export async function reachHost(
  url: URL,
  allowed: readonly Host[],
  resolve: Resolve,
): Promise<Result<readonly Address[], Barred>> {
  const barred = (reason: string, mayRetry = false) => ({ ok: false as const, refusal: { reason, mayRetry } });
  const wanted = hostOf(url);
  if (!wanted) return barred("only plain http and https addresses may be called");
  const isAllowed = (host: string) =>
    allowed.some((one) => one.scheme === wanted.scheme && one.port === wanted.port && one.host === host);
  if (!isAllowed(wanted.host)) return barred(`${hostText(wanted)} is not among the allowed hosts`);
  const bare = wanted.host.replace(/^\[|\]$/g, "");
  const addresses = isIP(bare) ? [{ address: bare, family: isIP(bare) }] : await resolved(bare, resolve);
  if (addresses.length === 0) return barred(`the name ${wanted.host} leads to no address`, true);
  const hidden = addresses.find(({ address }) => !isPublicAddress(address) && !isAllowed(spellAddress(address) ?? ""));
  return hidden
    ? barred(`${wanted.host} leads to a private address that is not among the allowed hosts`)
    : ok(addresses);
}

async function resolved(name: string, resolve: Resolve): Promise<readonly Address[]> {
  try {
    return await resolve(name);
  } catch {
    // No such name, or no name server: told alike, and tried again.
    return [];
  }
}
