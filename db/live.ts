import type { Tx } from "./transaction";

/** NOTIFY on it says what changed; `lib/notify/stream` passes it on to the browsers that it concerns. */
export const LIVE_CHANNEL = "baton_live";

/** What an open page may watch. It names what changed and never how: whoever hears it reads again, under their own rights. */
export type LiveTopic =
  /** The work of a person, or of the members of a group or queue. */
  | { readonly topic: "work"; readonly type: "user" | "group" | "queue"; readonly id: string }
  | { readonly topic: "run"; readonly runId: string }
  /** The admins' lists. */
  | { readonly topic: "runs" }
  | { readonly topic: "items" }
  | { readonly topic: "record"; readonly recordId: string }
  /** A list of an object's records, told to those who may read the record that changed. */
  | { readonly topic: "records"; readonly object: string; readonly recordId: string }
  /** Demo mode's mailbox. */
  | { readonly topic: "mailbox" };

/** Tells open pages of a change, if and when it commits. A hint: a page that misses it catches up by polling. */
export function announce(tx: Tx, topic: LiveTopic): void {
  tx.hints.push({ channel: LIVE_CHANNEL, payload: JSON.stringify(topic) });
}
