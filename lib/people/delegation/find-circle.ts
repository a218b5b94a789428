import type { Tx } from "../../../db/transaction";
import type { Refusal } from "../../result";
import { namesOf } from "../queries";
import { MAX_LINKS } from "./stands-for";

/** In milliseconds. */
type Window = { readonly from: number; readonly to: number; readonly isPassedOn: boolean };
/** From one to the next, and the time for which it, with all before it, holds. */
type Path = Window & { readonly ids: readonly string[] };
type Link = {
  readonly delegatorId: string;
  readonly delegateId: string;
  readonly from: Date;
  readonly to: Date;
  readonly mayPassOn: boolean;
};
type Row = Window & { readonly delegatorId: string; readonly delegateId: string };

/** Steps that a circle is looked for in; and ways that are followed at once. */
const MAX_STEPS = 20;
const MAX_WAYS = 1_000;

/**
 * Why a new delegation cannot be: somebody would in the end stand in for themselves at a time when all of it holds, or it would make a
 * chain longer than three. Those that wait for an answer count. The caller lets nobody else make one meanwhile.
 */
export async function circleProblem(tx: Tx, link: Link): Promise<Refusal | null> {
  const { delegatorId, delegateId, from, to } = link;
  const first: Path = {
    ids: [delegatorId, delegateId],
    from: from.getTime(),
    to: to.getTime(),
    isPassedOn: link.mayPassOn,
  };
  const [on, before, after] = await Promise.all([
    walk(tx, first, "on"),
    walk(tx, { ...first, ids: [delegateId, delegatorId] }, "back"),
    walk(tx, first, "passed on"),
  ]);
  const circle = on.find(({ ids }) => ids.at(-1) === delegatorId);
  if (circle) return refusal(tx, "delegation-circle", circle.ids);
  const chain = [...longest(before).toReversed(), ...longest(after).slice(2)];
  return chain.length - 1 > MAX_LINKS ? refusal(tx, "delegation-chain", chain) : null;
}

const longest = (paths: readonly Path[]): readonly string[] =>
  paths.reduce<readonly string[]>((most, { ids }) => (ids.length > most.length ? ids : most), []);

async function refusal(tx: Tx, code: string, ids: readonly string[]): Promise<Refusal> {
  const names = await namesOf(
    tx.db,
    ids.map((id) => ({ type: "user", id })),
  );
  const circle = ids.map((id) => names[id] ?? "somebody").join(" → ");
  const message = code === "delegation-circle" ? "closes a circle" : "makes the chain too long";
  return { code, details: { circle, limit: MAX_LINKS }, problems: [{ path: "delegateId", message }] };
}

type How = "on" | "passed on" | "back";

/** All ways from there that hold at some time, the shortest first. "on" follows every delegation, the others only what is passed on. */
async function walk(tx: Tx, first: Path, how: How): Promise<Path[]> {
  const found = [first];
  let open = [first];
  for (let step = 0; step < (how === "on" ? MAX_STEPS : MAX_LINKS) && open.length > 0; step++) {
    const rows = await linksAt(tx, [...new Set(open.map(({ ids }) => ids.at(-1) ?? ""))], how);
    open = open
      .filter(({ isPassedOn }) => how !== "passed on" || isPassedOn)
      .flatMap((path) => rows.flatMap((row) => extended(path, row, how)))
      .filter((path) => how !== "on" || !found.some((known) => isWithin(path, known)))
      .slice(0, MAX_WAYS);
    found.push(...open);
  }
  return found;
}

/** Nothing new: the same end was reached already for all of that time. */
const isWithin = (path: Path, known: Path): boolean =>
  known.ids.at(-1) === path.ids.at(-1) && known.from <= path.from && path.to <= known.to;

/** A way ends where it closes, and goes nowhere twice. */
function extended(path: Path, row: Row, how: How): Path[] {
  const [here, there] = how === "back" ? [row.delegateId, row.delegatorId] : [row.delegatorId, row.delegateId];
  const last = path.ids.at(-1);
  if (last !== here || last === path.ids[0] || path.ids.slice(1).includes(there)) return [];
  const [from, to] = [Math.max(path.from, row.from), Math.min(path.to, row.to)];
  return from < to ? [{ ids: [...path.ids, there], from, to, isPassedOn: row.isPassedOn }] : [];
}

function linksAt(tx: Tx, ids: readonly string[], how: How): Promise<readonly Row[]> {
  const at =
    how === "back" ? tx.sql`delegate_id = any(${[...ids]}) and may_pass_on` : tx.sql`delegator_id = any(${[...ids]})`;
  return tx.sql<Row[]>`
    select delegator_id as "delegatorId", delegate_id as "delegateId", ${ms(tx, "valid_from")} as "from", ${ms(tx, "valid_to")} as "to", may_pass_on as "isPassedOn"
    from delegation where ${at} and ended_at is null and valid_to > clock_timestamp() order by delegation_id limit ${MAX_WAYS}`;
}

const ms = (tx: Tx, column: "valid_from" | "valid_to") =>
  tx.sql`(extract(epoch from ${tx.sql(column)}) * 1000)::float8`;
