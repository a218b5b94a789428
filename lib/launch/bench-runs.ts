import { and, eq, inArray } from "drizzle-orm";
import { db } from "../../db/client";
import { user, workItem } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { sleep } from "../clock";
import { runCommand } from "../command";
import { importDefinitions } from "../definitions/commands/import-definitions";
import { newId } from "../ids";
import type { ScreenView } from "../interviews/schema";
import { type Person, personById } from "../people/current-person";
import { findPerson } from "../people/queries";
import type { Result } from "../result";
import { startTogether } from "../runs/start";
import { openScreens } from "../work/open-screens";
import { sendScreen } from "../work/send-screen";
import { DEFINITIONS } from "./bench-definitions";

/** What the bench does to runs, each by the product's own command with a key of its own. */

/** The value of what must not be refused. */
export function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`the bench was refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

const NAME = "bench";

/** The one person of the bench, with what it runs imported and active; as they are where they were there before. */
export async function setTheStage(): Promise<Person> {
  const known = await findPerson(db(), NAME);
  const person = known && (await personById(db(), known.userId));
  return person ?? makeStage();
}

async function makeStage(): Promise<Person> {
  const userId = newId("user");
  await transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    tx.db.insert(user).values({ userId, username: NAME, email: "bench@example.org", name: "Bench", role: "admin" }),
  );
  const person = await personById(db(), userId);
  if (!person) throw new Error("the person is not there");
  const header = { kind: "import-definitions", actorId: person.userId, key: newId("command") };
  granted(await runCommand(header, (tx) => importDefinitions(tx, person, { content: DEFINITIONS, activate: true })));
  return person;
}

/** Starts a run, committed where it waits or ended. */
export async function start(person: Person, definitionId: string): Promise<string> {
  const header = { kind: "run.start", actorId: person.userId, key: newId("command"), subjectId: definitionId };
  return granted(await startTogether(header, person, { definitionId, recordId: null, inputs: {} })).runId;
}

/** Opens the one screen of a work item, as its page does. */
export async function openScreen(person: Person, workItemId: string): Promise<ScreenView> {
  const header = { kind: "open-interview", actorId: person.userId, subjectId: workItemId };
  const opened = granted(await runCommand(header, (tx) => openScreens(tx, person, { workItemId })));
  if (opened.type !== "screen") throw new Error(`${workItemId} shows no screen`);
  return opened;
}

/** Finishes a work item by its last screen, as its page does. */
export async function complete(person: Person, { interviewId, screen }: ScreenView): Promise<void> {
  const form = { interviewId, screen: screen.name, values: { comment: "done" }, direction: "next" } as const;
  const sent = granted(await sendScreen(person, { ...form, key: newId("command") }));
  if (sent.type !== "finished") throw new Error(`the last screen led to ${sent.type}`);
}

/** The one open item of each of these runs, in their order. */
export async function itemsOf(runIds: readonly string[]): Promise<string[]> {
  const rows = await db()
    .select({ runId: workItem.runId, id: workItem.workItemId })
    .from(workItem)
    .where(and(inArray(workItem.runId, [...runIds]), eq(workItem.status, "assigned")));
  const items = new Map(rows.map(({ runId, id }) => [runId, id]));
  return runIds.map((runId) => {
    const item = items.get(runId);
    if (!item) throw new Error(`${runId} has no open item`);
    return item;
  });
}

const LOOK_EVERY_MS = 10;

/** Tells of each run when it has ended, by looking at all that are waited for with one query. */
export function makeLookout(signal: AbortSignal): (runId: string) => Promise<void> {
  const waiting = new Map<string, () => void>();
  const look = async () => {
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, signal);
      if (waiting.size === 0) continue;
      const ended = await db().$client<{ runId: string; status: string }[]>`
        select run_id as "runId", status from run where run_id = any(${[...waiting.keys()]}) and status <> 'in_progress'`;
      for (const { runId, status } of ended) {
        if (status !== "completed") throw new Error(`${runId} ended as ${status}`);
        waiting.get(runId)?.();
        waiting.delete(runId);
      }
    }
  };
  const looking = look();
  return (runId) => Promise.race([looking, new Promise<void>((resolve) => waiting.set(runId, resolve))]);
}
