import { auditOf, type Client } from "../databases";
import type { Ledger } from "./load";

/** What is there that was not acknowledged once, and what was and is not. */
export type Checked = { readonly lost: string[]; readonly doubled: string[]; readonly audit: string[] };

/** Tallies that one run of `Load` writes, and mails that its flow leaves. */
const TALLIES = ["First", "Second", "Tally"];
const MAILS = 2;

type Counted = { readonly name: string; readonly count: number };

/** Compares what clients were told with what the database holds. Every act was asked for until it was told, so nothing is unknown. */
export async function check(client: Client, { begun, finished, wrong }: Ledger): Promise<Checked> {
  const lost: string[] = [];
  const doubled: string[] = [];
  const expect = (what: string, found: number, wanted: number) => {
    if (found < wanted) lost.push(`${what}: ${found} of ${wanted}`);
    if (found > wanted) doubled.push(`${what}: ${found} instead of ${wanted}`);
  };
  const counted = async (rows: Promise<readonly Counted[]>) =>
    new Map((await rows).map(({ name, count }) => [name, count]));
  const runs = await counted(client`select record_id as name, count(*)::int as count from run group by 1`);
  const things = await counted(
    client`select name, count(*)::int as count from record where data ->> 'Status' = 'tally' group by 1`,
  );
  const mails = await counted(
    client`select run_id as name, count(*)::int as count from outbox where kind = 'flow' group by 1`,
  );
  for (const { recordId, runId } of begun) {
    expect(`runs about ${recordId}`, runs.get(recordId) ?? 0, 1);
    for (const tally of TALLIES) expect(`${tally} of ${recordId}`, things.get(`${tally} of ${recordId}`) ?? 0, 1);
    expect(`mails of ${runId}`, mails.get(runId) ?? 0, MAILS);
  }
  expect(
    "runs",
    [...runs.values()].reduce((sum, count) => sum + count, 0),
    begun.length,
  );
  const done = await client<{ id: string }[]>`select work_item_id as id from work_item where completion_kind = 'done'`;
  const ended = new Set(done.map(({ id }) => id));
  for (const id of finished) if (!ended.has(id)) lost.push(`${id} was finished`);
  expect("finished items", ended.size, finished.length);
  return { lost, doubled, audit: [...wrong, ...(await auditOf(client))] };
}
