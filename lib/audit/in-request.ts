import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

/** Of the request that is being answered: a number of its own, and where it came from. Security events carry both (S81). */
type Asked = { readonly request: string; readonly address: string };

/** One a process, though Next loads modules more than once. */
const shared = globalThis as { batonAsked?: AsyncLocalStorage<Asked> };
function store(): AsyncLocalStorage<Asked> {
  shared.batonAsked ??= new AsyncLocalStorage();
  return shared.batonAsked;
}

/** Runs `work` as the answer to a request from that address. */
export const inRequest = <T>(address: string, work: () => Promise<T>): Promise<T> =>
  store().run({ request: randomBytes(8).toString("hex"), address }, work);

/** Null: Baton itself is at work. */
export const askedNow = (): Asked | null => store().getStore() ?? null;
