import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { db } from "../../db/client";
import { hintsSent } from "../../db/hints";
import { announce, type LiveTopic } from "../../db/live";
import { session, user } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { closeHub } from "../../lib/notify/live-hub";
import { openStream } from "../../lib/notify/open-stream";
import type { Person } from "../../lib/people/current-person";
import { anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aGroup, again, aPerson, aSession } from "../builders/people";
import { anObject, aRecord } from "../builders/records";
import { aRun, aTeam, aThingWorld } from "../builders/runs";

let team: Awaited<ReturnType<typeof aTeam>>;
beforeAll(async () => {
  await aThingWorld();
  await anObject("Secret", {});
  team = await aTeam();
});
afterEach(() => vi.useRealTimers());
afterAll(closeHub);

/** An open page of that person, signed in. */
async function aPage(person: Person, since: Date | null = null) {
  const sessionId = await aSession(person);
  const leave = new AbortController();
  const reader = openStream({ ...(await again(person)), sessionId }, leave.signal, since).getReader();
  const heard: LiveTopic[] = [];
  const page = { sessionId, heard, isOpen: true, isReady: false, beats: 0, leave: () => leave.abort() };
  void (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const text = new TextDecoder().decode(part.value);
      page.isReady = true;
      page.beats += Number(text.includes("still here"));
      for (const [, json] of text.matchAll(/^data: (.*)$/gm)) heard.push(JSON.parse(json ?? "") as LiveTopic);
    }
    page.isOpen = false;
  })();
  return page;
}

/** How long the database really takes depends on the machine; a fake clock stands still meanwhile. */
const ANSWERS_WITHIN_MS = 20_000;
const say = (...topics: LiveTopic[]) =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    for (const topic of topics) await announce(tx, topic);
  });

/** Says it, and then something that everybody in `pages` hears, so that what they have not heard by then they never will. */
async function heardBy(
  pages: readonly { heard: LiveTopic[] }[],
  topics: readonly LiveTopic[],
  people: readonly Person[],
): Promise<LiveTopic[][]> {
  await vi.waitFor(async () => {
    await say(...people.map(({ userId }): LiveTopic => ({ topic: "work", type: "user", id: userId })));
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (const { heard } of pages) expect(heard.length).toBeGreaterThan(0);
  }, ANSWERS_WITHIN_MS);
  for (const { heard } of pages) heard.length = 0;
  await say(...topics);
  const marks = people.map(({ userId }): LiveTopic => ({ topic: "work", type: "user", id: userId }));
  await say(...marks);
  await vi.waitFor(() => {
    for (const [index, { heard }] of pages.entries()) expect(heard).toContainEqual(marks[index]);
  }, ANSWERS_WITHIN_MS);
  return pages.map(({ heard }, index) =>
    heard.filter((topic) => JSON.stringify(topic) !== JSON.stringify(marks[index])),
  );
}

test("everybody hears of their own work and their groups', and of nobody else's", async () => {
  const [ann, ben] = [await aPerson(), await aPerson()];
  const { groupId } = await aGroup(undefined, [ben]);
  const pages = [await aPage(ann), await aPage(ben)];
  const groupWork: LiveTopic = { topic: "work", type: "group", id: groupId };
  const [annHeard, benHeard] = await heardBy(pages, [groupWork], [ann, ben]);
  expect(annHeard).toEqual([]);
  expect(benHeard).toEqual([groupWork]);
  for (const page of pages) page.leave();
});

test("the lists of all runs and items are for those who may see them", async () => {
  const { ann, boss } = team;
  const pages = [await aPage(ann), await aPage(boss)];
  const topics: LiveTopic[] = [{ topic: "runs" }, { topic: "items" }];
  expect(await heardBy(pages, topics, [ann, boss])).toEqual([[], topics]);
  for (const page of pages) page.leave();
});

test("a run is told to who started it and who has work of it, a record to who may read it", async () => {
  const { ann, boss } = team;
  const [ben, eve] = [await aPerson(), await aPerson()];
  const toBen = anInteractiveStep("Step", { assignee: { type: "user", value: { literal: ben.username } } });
  const { runId } = await aRun(anOrchestration([aStage("First", [toBen])], { name: "Watched" }), ann);
  const recordId = await aRecord("Secret", {}, ann);
  await hintsSent();
  const pages = await Promise.all([ann, ben, eve, boss].map((person) => aPage(person)));
  const [aboutRun, aboutRecord]: LiveTopic[] = [
    { topic: "run", runId },
    { topic: "record", recordId },
  ];
  const heard = await heardBy(
    pages,
    [aboutRun, aboutRecord].flatMap((topic) => topic ?? []),
    [ann, ben, eve, boss],
  );
  expect(heard).toEqual([[aboutRun, aboutRecord], [aboutRun], [], [aboutRun, aboutRecord]]);
  for (const page of pages) page.leave();
});

test("the list of an object's records hears of a record that its reader may see, and of no other", async () => {
  const { ann } = team;
  const eve = await aPerson();
  const pages = await Promise.all([ann, eve].map((person) => aPage(person)));
  const topic: LiveTopic = { topic: "records", object: "Secret", recordId: await aRecord("Secret", {}, ann) };
  expect(await heardBy(pages, [topic], [ann, eve])).toEqual([[topic], []]);
  for (const page of pages) page.leave();
});

test("a run or record that is not there is told to nobody", async () => {
  const { admin } = team;
  const page = await aPage(admin);
  const topics: LiveTopic[] = [
    { topic: "run", runId: newId("run") },
    { topic: "record", recordId: newId("record") },
  ];
  expect(await heardBy([page], topics, [admin])).toEqual([[]]);
  page.leave();
});

test("the demo's mailbox is silent where there is none", async () => {
  const { admin } = team;
  const page = await aPage(admin);
  expect(await heardBy([page], [{ topic: "mailbox" }], [admin])).toEqual([[]]);
  page.leave();
});

const REVOKED = [
  [
    "its session is revoked",
    ({ sessionId }: { sessionId: string }) =>
      db().update(session).set({ revokedAt: sql`now()` }).where(eq(session.sessionId, sessionId)),
  ],
  [
    "its session has run out",
    ({ sessionId }: { sessionId: string }) =>
      db().update(session).set({ expiresAt: sql`now() - interval '1 second'` }).where(eq(session.sessionId, sessionId)),
  ],
  [
    "its person is deactivated",
    ({ userId }: { userId: string }) => db().update(user).set({ active: false }).where(eq(user.userId, userId)),
  ],
] as const;

test.each(REVOKED)("a stream ends within 15 seconds when %s (S14)", async (_name, revoke) => {
  const eve = await aPerson();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const page = await aPage(eve);
  await passSeconds(15);
  // It has been asked about once, and waits for the next time: only then may the clock go on.
  await until(() => page.beats > 0);
  expect(page.isOpen).toBe(true);
  await revoke({ sessionId: page.sessionId, userId: eve.userId });
  await passSeconds(15);
  await until(() => !page.isOpen);
  expect(page.isOpen).toBe(false);
});

async function until(isSo: () => boolean): Promise<void> {
  for (const since = performance.now(); !isSo() && performance.now() - since < ANSWERS_WITHIN_MS; ) await answers();
}

/** Lets that time pass on the fake clock, and then real answers of the database come in. */
async function passSeconds(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
  await answers();
}

async function answers(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await db().execute(sql`select 1`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a stream does not count as using its session", async () => {
  const eve = await aPerson();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const page = await aPage(eve);
  await db()
    .update(session)
    .set({ lastSeenAt: sql`now() - interval '5 minutes'` })
    .where(eq(session.sessionId, page.sessionId));
  const before = await db().select().from(session).where(eq(session.sessionId, page.sessionId));
  await passSeconds(15);
  expect(await db().select().from(session).where(eq(session.sessionId, page.sessionId))).toEqual(before);
  page.leave();
});

test("a page that left is let go of, and a hub that closes ends its streams", async () => {
  const [ann, ben] = [await aPerson(), await aPerson()];
  const [left, stays] = [await aPage(ann), await aPage(ben)];
  left.leave();
  await expect.poll(() => left.isOpen).toBe(false);
  expect(stays.isOpen).toBe(true);
  await closeHub();
  await expect.poll(() => stays.isOpen).toBe(false);
});

test("a page that was rendered before the last change is told that it missed something, and one rendered after it is not", async () => {
  const ann = await aPerson();
  const first = await aPage(ann);
  const before = new Date();
  await heardBy([first], [], [ann]);
  const [late, fresh] = [await aPage(ann, before), await aPage(ann, new Date(Date.now() + 60_000))];
  await heardBy([fresh], [], [ann]);
  expect(late.heard[0]).toEqual({ topic: "missed" });
  expect(fresh.heard).not.toContainEqual({ topic: "missed" });
  for (const page of [first, late, fresh]) page.leave();
});
