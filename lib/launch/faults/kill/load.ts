import { isDeepStrictEqual } from "node:util";
import { sleep } from "../../../clock";
import type { Person } from "../../../people/current-person";
import type { Client } from "../databases";
import type { Random } from "../random";
import type { Deed } from "./clerk";
import type { Ask } from "./crew";

/** What the clients were told was done, and what they were told that they should not have been. */
export type Ledger = {
  /** Record and run of every start that was acknowledged. */
  readonly begun: { recordId: string; runId: string }[];
  /** Items whose end was acknowledged. */
  readonly finished: string[];
  acknowledged: number;
  /** Tries that ended in nobody knowing whether it was done; each was asked again with the same key. */
  unknown: number;
  readonly errors: Map<string, number>;
  readonly wrong: string[];
};

export const emptyLedger = (): Ledger => ({
  begun: [],
  finished: [],
  acknowledged: 0,
  unknown: 0,
  errors: new Map(),
  wrong: [],
});

export type Load = {
  readonly ask: Ask;
  /** To look for open items; may fail while the server is away. */
  readonly client: Client;
  readonly person: Person;
  readonly random: Random;
  readonly name: string;
  readonly ledger: Ledger;
  /** Runs begun at most. */
  readonly mostRuns: number;
};

const CLIENTS = 8;
/** Runs that may be open before no more are begun: the workers must be able to keep up. */
const MOST_OPEN = 60;
/** Of a hundred acts this many are asked for again after they were acknowledged. */
const ASKED_AGAIN = 10;
const ANSWERED_WITHIN_MS = 120_000;

/** Asks with one key until there is an answer, as a client must that wants to know. */
async function untilTold({ ask, person, ledger }: Load, key: string, deed: Deed): Promise<unknown> {
  const began = performance.now();
  while (performance.now() - began < ANSWERED_WITHIN_MS) {
    const reply = await ask({ person, key, deed }).catch((error: Error) => ({ result: null, error: error.message }));
    if (reply.result?.ok) return reply.result.value;
    if (reply.result) {
      ledger.wrong.push(`${deed.type} was refused: ${JSON.stringify(reply.result.refusal)}`);
      return null;
    }
    ledger.unknown++;
    const words = reply.error ?? "";
    ledger.errors.set(words, (ledger.errors.get(words) ?? 0) + 1);
    await sleep(100);
  }
  ledger.wrong.push(`${deed.type} was not answered within ${ANSWERED_WITHIN_MS / 1_000} s`);
  return null;
}

async function act(load: Load, key: string, deed: Deed): Promise<unknown> {
  const { ledger, random } = load;
  const told = await untilTold(load, key, deed);
  if (told === null) return null;
  ledger.acknowledged++;
  if (random.below(100) < ASKED_AGAIN && !isDeepStrictEqual(await untilTold(load, key, deed), told))
    ledger.wrong.push(`${deed.type}, asked again with its key, was answered differently`);
  return told;
}

/** Keeps clients busy until told to stop, and answers when the last of them has been told how its act ended. */
export async function work(load: Load, signal: AbortSignal): Promise<void> {
  const { ledger, name, random, mostRuns } = load;
  const items = openItems(load);
  let acts = 0;
  const client = async () => {
    while (!signal.aborted) {
      const key = `${name} act ${++acts}`;
      const isFull = ledger.begun.length >= mostRuns || ledger.begun.length - ledger.finished.length > MOST_OPEN;
      const workItemId = isFull || random.below(2) === 0 ? await items() : null;
      if (workItemId !== null) {
        if ((await act(load, key, { type: "finish", workItemId })) !== null) ledger.finished.push(workItemId);
        continue;
      }
      if (isFull) {
        await sleep(150);
        continue;
      }
      const begun = (await act(load, key, { type: "begin" })) as Ledger["begun"][number] | null;
      if (begun) ledger.begun.push(begun);
      await sleep(150);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

/** Open items that no client has taken; null when there is none to be seen now. */
function openItems({ client }: Pick<Load, "client">): () => Promise<string | null> {
  const taken = new Set<string>();
  return async () => {
    const rows = await client<{ id: string }[]>`
      select work_item_id as id from work_item where status = 'assigned' order by created_at limit 100`.catch(() => []);
    const free = rows.find(({ id }) => !taken.has(id));
    if (!free) return null;
    taken.add(free.id);
    return free.id;
  };
}

/** After the faults: finishes every item that comes, until every run has ended. Answers with whether they did within the bound. */
export async function finishAll(load: Load, boundSeconds: number): Promise<boolean> {
  const until = performance.now() + boundSeconds * 1_000;
  const items = openItems(load);
  let acts = 0;
  let isQuiet = false;
  const client = async () => {
    while (!isQuiet && performance.now() < until) {
      const workItemId = await items();
      if (workItemId !== null) {
        const key = `${load.name} last act ${++acts}`;
        if ((await act(load, key, { type: "finish", workItemId })) !== null) load.ledger.finished.push(workItemId);
        continue;
      }
      const open = await load.client`select 1 from run where status <> 'completed' limit 1`.catch(() => ["unknown"]);
      if (open.length === 0) isQuiet = true;
      else await sleep(50);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return isQuiet;
}
