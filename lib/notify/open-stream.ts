import { db } from "../../db/client";
import type { LiveTopic } from "../../db/live";
import { sleep } from "../clock";
import { log } from "../log";
import { type Person, personById } from "../people/current-person";
import { isSessionOpen } from "../people/sign-in/read-session";
import { joinHub } from "./live-hub";

/** How often the session is asked about, and something is sent so that nobody in between takes the line for dead. */
const RECHECK_MS = 15_000;
/** Events that a page may be behind before it is sent away; it comes back and reads everything again. */
const MAX_BEHIND = 200;

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);

/**
 * Server-sent events: one `data` line of JSON for each change that concerns the person, the `LiveTopic` itself. Events carry no id and are
 * not kept: whoever connects anew reads everything again, and so does a page that was rendered (`since`) before the last change (topic `missed`). Ends within 15 s when the session was revoked or ran out, or the person was
 * deactivated (S14); an open stream does not count as using the session.
 */
export function openStream(person: Person, signal: AbortSignal, since: Date | null = null): ReadableStream<Uint8Array> {
  const ended = new AbortController();
  const end = () => ended.abort();
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string) => {
          if (ended.signal.aborted) return;
          if ((controller.desiredSize ?? 0) <= -MAX_BEHIND) return end();
          controller.enqueue(bytes(text));
        };
        const listener = { person, tell: (topic: LiveTopic) => send(`data: ${JSON.stringify(topic)}\n\n`), end };
        const { leave, hasMissed } = joinHub(listener, since);
        signal.addEventListener("abort", end, { once: true });
        ended.signal.addEventListener("abort", () => {
          leave();
          closeQuietly(controller);
        });
        if (signal.aborted) return end();
        send("retry: 1000\n: open\n\n");
        if (hasMissed) send(`data: ${JSON.stringify({ topic: "missed" })}\n\n`);
        void watchSession(listener, ended, () => send(": still here\n\n"));
      },
      cancel: end,
    },
    new CountQueuingStrategy({ highWaterMark: 1 }),
  );
}

/** The other side may have closed it already. */
function closeQuietly(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

async function watchSession(listener: { person: Person }, ended: AbortController, beat: () => void): Promise<void> {
  const { userId, sessionId } = listener.person;
  for (;;) {
    await sleep(RECHECK_MS, ended.signal);
    if (ended.signal.aborted) return;
    const person = await personNow(userId, sessionId);
    if (person === null) return ended.abort();
    if (person !== "unknown") listener.person = person;
    beat();
  }
}

/** Null when the session or the person is no longer; "unknown" while the database does not answer. */
async function personNow(userId: string, sessionId: string | null): Promise<Person | null | "unknown"> {
  try {
    if (sessionId === null || !(await isSessionOpen(sessionId))) return null;
    return await personById(db(), userId, { sessionId });
  } catch (error) {
    log().warn({ err: error }, "a stream's session could not be asked about");
    return "unknown";
  }
}
