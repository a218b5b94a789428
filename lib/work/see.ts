import { z } from "zod";
import type { Tx } from "../../db/transaction";
import { itemById, stepById } from "../engine/find";
import type { Value } from "../logic/value";
import type { Person } from "../people/current-person";
import { sealedFile } from "../records/queries/files-of";
import { nameIds } from "../records/queries/name-ids";
import type { SealedFile } from "../records/schema/sealed-file";
import { type HeldRun, holdRun } from "../runs/hold-run";
import { pinnedOf } from "../runs/pinned-of";
import { shapedOnce } from "./look-at-item";
import { type Fact, factsChosen, idsAmong, showValue, valuesAt } from "./queries/facts";

/** What an approver had before them: sealed with the decision (S79), compared with later, exported as evidence. */
export type Seen = {
  readonly facts: readonly Fact[];
  readonly record: {
    readonly object: string;
    readonly id: string;
    readonly name: string;
    readonly version: number;
    readonly updatedAt: string;
  } | null;
  /** By reference: those of the facts, and what the step may be skipped by while it does not change. */
  readonly values: { readonly [path: string]: Value };
  readonly definition: { readonly name: string; readonly version: number; readonly hash: string };
  readonly policy: string;
  /** What was attached to the record, the oldest first. */
  readonly files: readonly SealedFile[];
};

/** Of an approval item what its decider sees as it is now, inside the deciding transaction; undefined for what is no approval. */
export async function see(tx: Tx, person: Person, workItemId: string): Promise<Seen | undefined> {
  const held = await holdRun(tx, { workItemId });
  const item = held && itemById(held.state, workItemId);
  if (!held || item?.kind !== "approval") return undefined;
  return seenNow(tx, person, { held, stepName: stepById(held.state, item.stepRunId)?.name ?? null });
}

type At = { readonly held: HeldRun; readonly stepName: string | null };

/** What approvers see of a run's record now; with a step also what that may be skipped by. Names are those that the asker may read. */
export async function seenNow(tx: Tx, asker: Person | "system", { held, stepName }: At): Promise<Seen> {
  const { state, row: run } = held;
  const [pinned, row] = await Promise.all([
    pinnedOf(tx, run),
    state.run.record ? shapedOnce(tx, state.run.record.id) : null,
  ]);
  const { body } = pinned;
  const step = body.elements
    .flatMap((element) => (element.type === "stage" ? element.steps : []))
    .find((one) => one.name === stepName);
  const chosen = factsChosen(body, row);
  const paths = [...chosen.map(({ path }) => path), ...(step?.kind === "approval" ? step.skipIfUnchanged : [])];
  const values = await valuesAt(tx.db, { definition: body, state, row }, [...new Set(paths)]);
  const names = await nameIds(tx.db, asker, idsAmong(Object.values(values)));
  return {
    facts: chosen.map(({ path, label }) => {
      const value = values[path] ?? null;
      return { path, label, value, shown: showValue(value, path, { row, names }) };
    }),
    record: row && {
      ...{ object: row.objectName, id: row.recordId, name: row.name, version: row.version },
      updatedAt: row.updatedAt.toISOString(),
    },
    values,
    definition: { name: pinned.definitionId, version: pinned.version, hash: pinned.hash },
    policy: body.approval?.policy ?? "",
    files: (row?.files ?? []).map(sealedFile),
  };
}

const file = z.object({ id: z.string(), name: z.string(), sha256: z.string() });
const fact = z.object({ path: z.string(), label: z.string(), shown: z.string() });
const seenSchema = z.object({
  facts: z.array(fact),
  values: z.record(z.string(), z.unknown()),
  record: z.object({ id: z.string(), version: z.number() }).nullable(),
  files: z.array(file),
});

/** What was sealed, as far as it is compared with; null for what has another form. */
export function readSeen(sealed: unknown) {
  const { data } = seenSchema.safeParse(sealed);
  return data ? { ...data, values: data.values as { readonly [path: string]: Value } } : null;
}
