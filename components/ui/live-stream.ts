import { now, sleep } from "@/lib/clock";

/**
 * One event stream for the whole tab, shared by every list on it. The stream only hints that something changed; whoever listens reads
 * again. Without a stream, listeners are called every 20 s, and again when it comes back, so that nothing is missed for longer.
 */
const POLL_MS = 20_000;
const FIRST_RETRY_MS = 1_000;
/** Longer than the way from a page's rendering on the server to its listening here takes. */
const ARRIVAL_MS = 10_000;

/** `work`, `runs`, `items`, `mailbox`, `run:<id>`, `record:<id>`, `records:<object>` */
export type Topic = string;
export type Connection = "connecting" | "live" | "polling";
type Listener = { readonly topics: readonly Topic[]; readonly onEvent: () => void };

const listeners = new Set<Listener>();
/** When each topic was last heard of, as long as a page on its way here may have been rendered before it. */
const heard = new Map<Topic, number>();
const watchers = new Set<() => void>();
let connection: Connection = "connecting";
let source: EventSource | null = null;
let poll: ReturnType<typeof setInterval> | null = null;
let retryMs = FIRST_RETRY_MS;
let hiddenSince: number | null = null;

const callAll = () => {
  for (const { onEvent } of listeners) onEvent();
};

function become(next: Connection): void {
  if (next === connection) return;
  const wasPolling = connection === "polling";
  connection = next;
  for (const watch of watchers) watch();
  if (next === "polling") poll ??= setInterval(callAll, POLL_MS);
  else if (poll) {
    clearInterval(poll);
    poll = null;
  }
  if (next === "live" && wasPolling) callAll();
}

/** The topic's name of one message of the stream, or null when it is not one. */
export function topicOf(data: string): Topic | null {
  try {
    const message: unknown = JSON.parse(data);
    if (typeof message !== "object" || message === null || !("topic" in message)) return null;
    const { topic, runId, recordId, object } = message as Record<string, unknown>;
    if (topic === "run") return `run:${String(runId)}`;
    if (topic === "record") return `record:${String(recordId)}`;
    if (topic === "records") return `records:${String(object)}`;
    return typeof topic === "string" ? topic : null;
  } catch {
    return null;
  }
}

function hear(topic: Topic): void {
  const at = now().getTime();
  for (const [former, when] of heard) if (at - when > ARRIVAL_MS) heard.delete(former);
  heard.set(topic, at);
  for (const listener of listeners) if (listener.topics.includes(topic)) listener.onEvent();
}

/** Whether a page that comes now may show what was before the topic's last event: it was rendered, and then it was on its way. */
const isLate = (topics: readonly Topic[]): boolean =>
  topics.some((topic) => now().getTime() - (heard.get(topic) ?? 0) < ARRIVAL_MS);

function open(): void {
  if (source || listeners.size === 0) return;
  // What changed between the rendering of the page and now nobody has told it.
  const since = connection === "connecting" ? document.body.dataset.renderedAt : undefined;
  const stream = new EventSource(`/api/stream${since ? `?${new URLSearchParams({ since })}` : ""}`);
  source = stream;
  stream.onopen = () => {
    retryMs = FIRST_RETRY_MS;
    become("live");
  };
  stream.onmessage = ({ data }: MessageEvent<string>) => {
    const topic = topicOf(data);
    if (topic === "missed") return callAll();
    if (topic !== null) hear(topic);
  };
  // A stream that was refused, or whose server went away, is opened anew; the browser only retries some failures by itself.
  stream.onerror = () => {
    become("polling");
    close();
    void sleep(retryMs).then(open);
    retryMs = Math.min(retryMs * 2, POLL_MS);
  };
}

function close(): void {
  source?.close();
  source = null;
}

/** A tab that slept may have missed hints. */
function onVisibility(): void {
  if (document.visibilityState === "hidden") hiddenSince = now().getTime();
  else if (hiddenSince !== null && now().getTime() - hiddenSince > POLL_MS) callAll();
}

/** Calls `onEvent` when one of the topics changed. Answers how to stop. */
export function listen(topics: readonly Topic[], onEvent: () => void): () => void {
  const listener = { topics, onEvent };
  if (listeners.size === 0) document.addEventListener("visibilitychange", onVisibility);
  listeners.add(listener);
  open();
  if (isLate(topics)) onEvent();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener("visibilitychange", onVisibility);
    close();
    if (poll) clearInterval(poll);
    poll = null;
    connection = "connecting";
  };
}

export const connectionNow = (): Connection => connection;

export function watchConnection(onChange: () => void): () => void {
  watchers.add(onChange);
  return () => watchers.delete(onChange);
}
