import { sql } from "drizzle-orm";
import { db } from "../../db/client";
import { listen } from "../../db/listen";
import { LIVE_CHANNEL, type LiveTopic } from "../../db/live";
import { now, sleep } from "../clock";
import { log } from "../log";
import type { Person } from "../people/current-person";
import { audienceOf } from "./queries/audience-of";

/** An open page. `person` is read anew by whoever opened it, so that the next change is judged by the rights of now. */
export type Listener = { person: Person; readonly tell: (topic: LiveTopic) => void; readonly end: () => void };

/** Changes of the same thing within this time are told once. */
const GATHER_MS = 40;
/** How often the line to the database is tried, and how long it may be silent before it counts as dead. */
const PING_MS = 20_000;
const SILENCE_MS = 60_000;
const PING = { topic: "ping" };

type Hub = {
  readonly listeners: Set<Listener>;
  readonly gathered: Map<string, LiveTopic>;
  readonly closing: AbortController;
  heardAt: number;
  /** When something last changed, as far as this process knows: nothing did since, once it listens. */
  changedAt: Date;
  hangUp: (() => Promise<void>) | null;
};
const shared = globalThis as { batonLiveHub?: Hub };

/**
 * Passes on what `announce` said to the open pages that it concerns. One connection listens for the whole process. Answers how to leave, and
 * whether something changed after `since`, which a page that was rendered then may not show.
 * What is said while the line is down is lost; so all pages are sent away then, and read everything again when they come back.
 */
export function joinHub(listener: Listener, since: Date | null): { leave: () => void; hasMissed: boolean } {
  shared.batonLiveHub ??= openHub();
  const hub = shared.batonLiveHub;
  hub.listeners.add(listener);
  return { leave: () => hub.listeners.delete(listener), hasMissed: since !== null && hub.changedAt >= since };
}

/** Sends everybody away and lets go of the connection. */
export async function closeHub(): Promise<void> {
  const hub = shared.batonLiveHub;
  delete shared.batonLiveHub;
  if (!hub) return;
  hub.closing.abort();
  sendAway(hub);
  await hub.hangUp?.();
}

function openHub(): Hub {
  const hub: Hub = {
    listeners: new Set(),
    gathered: new Map(),
    closing: new AbortController(),
    heardAt: performance.now(),
    changedAt: now(),
    hangUp: null,
  };
  void keepListening(hub);
  return hub;
}

function sendAway(hub: Hub): void {
  for (const { end } of [...hub.listeners]) end();
}

async function keepListening(hub: Hub): Promise<void> {
  const { signal } = hub.closing;
  while (!signal.aborted) {
    try {
      hub.hangUp ??= await startListening(hub);
      if (signal.aborted) return await hub.hangUp();
      await db().execute(sql`select pg_notify(${LIVE_CHANNEL}, ${JSON.stringify(PING)})`);
    } catch (error) {
      log().warn({ err: error }, "live changes cannot be heard");
    }
    await sleep(PING_MS, signal);
    if (hub.hangUp && performance.now() - hub.heardAt > SILENCE_MS) await startOver(hub);
  }
}

async function startListening(hub: Hub): Promise<() => Promise<void>> {
  let isFirst = true;
  hub.heardAt = performance.now();
  return listen([LIVE_CHANNEL], (_channel, payload) => {
    hub.heardAt = performance.now();
    if (payload !== "") return gather(hub, payload);
    // Listening began, again if not for the first time: then something may have been missed.
    if (!isFirst) sendAway(hub);
    isFirst = false;
  });
}

async function startOver(hub: Hub): Promise<void> {
  log().warn("the line for live changes went dead; opening another");
  const hangUp = hub.hangUp;
  hub.hangUp = null;
  sendAway(hub);
  await hangUp?.().catch(() => undefined);
}

function gather(hub: Hub, payload: string): void {
  const topic = JSON.parse(payload) as LiveTopic | typeof PING;
  if (topic.topic === "ping") return;
  hub.changedAt = now();
  if (hub.gathered.size === 0) setTimeout(() => void passOn(hub), GATHER_MS);
  hub.gathered.set(payload, topic as LiveTopic);
}

async function passOn(hub: Hub): Promise<void> {
  const topics = [...hub.gathered.values()];
  hub.gathered.clear();
  if (hub.listeners.size === 0) return;
  for (const topic of topics) {
    try {
      const isFor = await audienceOf(db(), topic);
      for (const { person, tell } of hub.listeners) if (isFor(person)) tell(topic);
    } catch (error) {
      log().warn({ err: error, topic: topic.topic }, "a live change was not passed on");
    }
  }
}
