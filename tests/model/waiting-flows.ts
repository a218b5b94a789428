import type { Awaited, FlowInWorld } from "./world";

/** Flows of background steps that have a Wait element: for each what they wait for, and what they give when that came first. */
const says = (Comments: string, approvalDecision = "Approve") => ({ approvalDecision, Comments });
const time: Awaited = { name: "Later", type: "time", minutes: 15, gives: says("later") };
const until: Awaited = { name: "Then", type: "until", gives: says("then", "Reject") };
const met: Awaited = { name: "Big", type: "holds", path: "Size", value: 2, gives: says("big") };
const behind: Awaited = {
  name: "Behind",
  type: "holds",
  path: "Parent.Level",
  value: 1,
  gives: says("behind", "Reject"),
};
const saved: Awaited = { name: "Saved", type: "saved", path: "Word", value: "two", gives: says("saved") };

const waitsFor = (...waits: readonly Awaited[]): FlowInWorld => ({
  version: 1,
  isAsynchronous: true,
  gives: {},
  waits,
});

/** `Outer` calls `Inner` of the same waits, which waits inside it. */
export const WAITING = {
  Later: waitsFor(time),
  Until: waitsFor(until),
  Big: waitsFor(met),
  Saved: waitsFor(saved),
  Outer: { ...waitsFor(behind, time), isCalling: true },
  First: waitsFor(until, met, saved, time),
} as const satisfies { readonly [name: string]: FlowInWorld };

export const NAMES_OF_WAITING = Object.keys(WAITING) as readonly (keyof typeof WAITING)[];

/** Another version of one of them, which waits for the same and says of itself which it is; null: it is none of them. */
export function waitingVersion(name: string, version: number): FlowInWorld | null {
  const flow = Object.entries<FlowInWorld>(WAITING).find(([one]) => one === name)?.[1];
  if (!flow) return null;
  // What it gives is the called flow's to say.
  if (flow.isCalling) return { ...flow, version };
  const waits = flow.waits?.map((event) => ({
    ...event,
    gives: { ...event.gives, Comments: `${event.name} ${version}` },
  }));
  return { ...flow, version, ...(waits && { waits }) };
}
