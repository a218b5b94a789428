import type { Tx } from "../../db/transaction";
import { itemById, stepById } from "../engine/find";
import type { WorkItem } from "../engine/state";
import { canonicalJson } from "../logic/canonical";
import type { Person } from "../people/current-person";
import { nameIds } from "../records/queries/name-ids";
import { type HeldRun, holdRun } from "../runs/hold-run";
import { pinnedOf } from "../runs/pinned-of";
import { shapedOnce } from "./look-at-item";
import { idsAmong, valuesAt } from "./queries/facts";
import type { Door, Seen } from "./seen";
import { factsAt, seenAt } from "./seen-at";

type Asked = { readonly workItemId: string; readonly door: Door };

/**
 * Of an approval item what its decider is shown of it now, where they were shown it, inside the deciding transaction; undefined for what is no
 * approval.
 */
export async function see(tx: Tx, person: Person, { workItemId, door }: Asked): Promise<Seen | undefined> {
  const held = await holdRun(tx, { workItemId });
  const item = held && itemById(held.state, workItemId);
  return held && item?.kind === "approval" ? seenNow(tx, person, { held, item, door }) : undefined;
}

type At = { readonly held: HeldRun; readonly item: WorkItem; readonly door: Door };

async function seenNow(tx: Tx, person: Person, { held, item, door }: At): Promise<Seen> {
  const { state, row: run } = held;
  const recordId = item.record?.id ?? null;
  const [pinned, row] = await Promise.all([pinnedOf(tx, run), recordId === null ? null : shapedOnce(tx, recordId)]);
  const { body } = pinned;
  const step = body.elements
    .flatMap((element) => (element.type === "stage" ? element.steps : []))
    .find(({ name }) => name === stepById(state, item.stepRunId)?.name);
  const skips = step?.kind === "approval" ? step.skipIfUnchanged : [];
  const isOfRun = recordId === (state.run.record?.id ?? null);
  const shown = [...factsAt("page", body, row), ...factsAt(door, body, row)].map(({ path }) => path);
  const paths = [...new Set([...shown, ...(isOfRun ? skips : [])])];
  const found = await valuesAt(tx.db, { definition: body, state, row }, paths);
  // What a mail tells is read as Baton itself, whoever it is for.
  const names = await nameIds(tx.db, door === "email" ? "system" : person, idsAmong(Object.values(found.values)));
  const values = isOfRun ? found.values : await valuesOfRun(tx, held, { body, skips });
  const basis = Object.fromEntries(skips.map((path) => [path, values[path] ?? null]));
  return seenAt(door, { pinned, row, found, names }, basis);
}

type Skipping = { readonly body: Parameters<typeof factsAt>[1]; readonly skips: readonly string[] };

/** The same of an item that stands on another record than its run: what a step is skipped by is the run's. */
async function valuesOfRun(tx: Tx, { state }: HeldRun, { body, skips }: Skipping): Promise<Seen["rests"]["values"]> {
  const recordId = state.run.record?.id ?? null;
  const row = recordId === null || skips.length === 0 ? null : await shapedOnce(tx, recordId);
  return (await valuesAt(tx.db, { definition: body, state, row }, skips)).values;
}

/** What was shown to whoever decided, when their own screens saved something afterwards: the decision rests on that, too. */
export function withOwnChanges(shown: Seen, now: Seen): Seen {
  const before = new Map(shown.facts.map((fact) => [fact.path, canonicalJson(fact.value)]));
  const facts = [...now.facts, ...now.rests.facts].filter(
    ({ path, value }) => before.get(path) !== canonicalJson(value),
  );
  const ids = new Set(shown.files.map(({ id }) => id));
  const files = [...now.files, ...now.rests.files].filter(({ id }) => !ids.has(id));
  return { ...shown, rests: { ...now.rests, facts, files } };
}
